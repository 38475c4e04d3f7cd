import { type Fields, fieldsAt, flagAt, listAt, textAt } from "./fields.ts";
import { below, type Path, type Step } from "./path.ts";
import type { PodSpecView } from "./pod-spec.ts";

/** A place in a pod spec that cannot start without a ConfigMap or Secret, or without one key of it. */
export interface PodReference {
  readonly path: Path;
  readonly name: string;
  /** Undefined where the whole object is used. */
  readonly key: string | undefined;
}

/** How a pod spec spells references to one kind. */
interface Spelling {
  readonly ofKey: string;
  readonly ofWhole: string;
  /** Of a volume, and of a source in a projected one. */
  readonly volume: string;
  /** Where a volume of its own names the object; a projected source says `name`. */
  readonly volumeName: string;
  /** Put into every namespace by the control plane, and mounted by nearly every Pod. */
  readonly alwaysThere?: string;
}

const configMap: Spelling = {
  ofKey: "configMapKeyRef",
  ofWhole: "configMapRef",
  volume: "configMap",
  volumeName: "name",
  alwaysThere: "kube-root-ca.crt",
};
const secret: Spelling = {
  ofKey: "secretKeyRef",
  ofWhole: "secretRef",
  volume: "secret",
  volumeName: "secretName",
};

/** By env, envFrom, volumes and projected volumes of all containers; without what is optional, or in every namespace. */
export function configMapReferences(pod: PodSpecView): readonly PodReference[] {
  return references(pod, configMap);
}

/** As `configMapReferences`, for Secrets. What pulls images is no such place. */
export function secretReferences(pod: PodSpecView): readonly PodReference[] {
  return references(pod, secret);
}

// Run on every Pod there is, most of which refer to nothing: a path is built only where something was found.
function references(pod: PodSpecView, spelling: Spelling): readonly PodReference[] {
  const { ofKey, ofWhole, volume: sort, volumeName } = spelling;
  const found: PodReference[] = [];
  for (const container of pod.all) {
    for (const entry of container.env) {
      const name = needed(fieldsAt(entry, "valueFrom", ofKey), "name", spelling);
      if (name === undefined) continue;
      const path = container.at("env", { name: textAt(entry, "name") ?? "" }, "valueFrom", ofKey);
      found.push({ path, name, key: textAt(entry, "valueFrom", ofKey, "key") || undefined });
    }
    for (const entry of listAt(container.fields, "envFrom")) {
      const name = needed(fieldsAt(entry, ofWhole), "name", spelling);
      if (name !== undefined) found.push({ path: container.at("envFrom"), name, key: undefined });
    }
  }
  for (const volume of pod.volumes) {
    const own = fieldsAt(volume.fields, sort);
    addVolume(found, volume.path, [sort], own, needed(own, volumeName, spelling));
    for (const element of listAt(volume.fields, "projected", "sources")) {
      const source = fieldsAt(element, sort);
      addVolume(found, volume.path, ["projected", "sources"], source, needed(source, "name", spelling));
    }
  }
  return found;
}

function addVolume(
  found: PodReference[],
  volume: Path,
  steps: readonly Step[],
  source: Fields | undefined,
  name: string | undefined,
): void {
  if (name === undefined) return;
  const path = below(volume, ...steps);
  found.push({ path, name, key: undefined });
  for (const item of listAt(source, "items")) {
    const key = textAt(item, "key");
    if (key) found.push({ path, name, key });
  }
}

/** The name in a reference that has to be there. */
function needed(reference: Fields | undefined, named: string, { alwaysThere }: Spelling): string | undefined {
  const name = textAt(reference, named);
  return name && name !== alwaysThere && flagAt(reference, "optional") !== true ? name : undefined;
}
