import type { ResourceId } from "../resource.ts";
import { fieldsAt, integerAt, recordsAt, textAt } from "../views/fields.ts";
import type { ResourceView } from "../views/resource-view.ts";

/** A HorizontalPodAutoscaler or a ScaledObject. */
export interface AutoscalerFacts {
  readonly id: ResourceId;
  /** By group and kind, never by version; in the autoscaler's own namespace. */
  readonly target: Pick<ResourceId, "group" | "kind" | "name"> | undefined;
  /** Effective minimum: 1 for a HorizontalPodAutoscaler, 0 for a ScaledObject that names none. */
  readonly minReplicas: number;
  /** The ScaledObject for which KEDA keeps this HorizontalPodAutoscaler. */
  readonly scaledObject: string | undefined;
}

export function horizontalPodAutoscalerFacts(view: ResourceView): AutoscalerFacts {
  return {
    id: view.id,
    target: targetOf(view, { apiVersion: "", kind: "" }),
    minReplicas: integerAt(view.object, "spec", "minReplicas") ?? 1,
    scaledObject: scaledObjectOf(view),
  };
}

export function scaledObjectFacts(view: ResourceView): AutoscalerFacts {
  return {
    id: view.id,
    target: targetOf(view, { apiVersion: "apps/v1", kind: "Deployment" }),
    minReplicas: integerAt(view.object, "spec", "minReplicaCount") ?? 0,
    scaledObject: undefined,
  };
}

function scaledObjectOf(view: ResourceView): string | undefined {
  const owner = recordsAt(view.object, "metadata", "ownerReferences").find(
    (one) => textAt(one, "kind") === "ScaledObject" && textAt(one, "apiVersion")?.startsWith("keda.sh/"),
  );
  return textAt(owner, "name");
}

function targetOf(view: ResourceView, defaults: { readonly apiVersion: string; readonly kind: string }) {
  const ref = fieldsAt(view.object, "spec", "scaleTargetRef");
  const apiVersion = textAt(ref, "apiVersion") || defaults.apiVersion;
  const kind = textAt(ref, "kind") || defaults.kind;
  const name = textAt(ref, "name") ?? "";
  if (kind === "" || name === "") return undefined;
  const slash = apiVersion.indexOf("/");
  return { group: slash < 0 ? "" : apiVersion.slice(0, slash), kind, name };
}
