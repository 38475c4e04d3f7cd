import type { ResourceId } from "../resource.ts";
import { type IngressRoute, ingressClass, ingressRoutes } from "../views/ingress.ts";
import type { ResourceView } from "../views/resource-view.ts";

export interface IngressFacts {
  readonly id: ResourceId;
  /** Undefined where the cluster's default class takes it. */
  readonly class: string | undefined;
  /** Empty for a canary: it shares the route of the Ingress that it is a canary of. */
  readonly routes: readonly IngressRoute[];
}

export function ingressFacts(view: ResourceView): IngressFacts {
  return { id: view.id, class: ingressClass(view), routes: isCanary(view) ? [] : ingressRoutes(view) };
}

function isCanary({ annotations }: ResourceView): boolean {
  return annotations.get("nginx.ingress.kubernetes.io/canary") === "true";
}
