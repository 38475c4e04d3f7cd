import { fieldsAt, textAt } from "./fields.ts";
import { below, type Path } from "./path.ts";
import type { PodSpecView } from "./pod-spec.ts";

/** A volume that is a path of the node. */
export interface HostPathVolume {
  /** Name of the volume. */
  readonly name: string;
  /** `volumes[name=x].hostPath`. */
  readonly path: Path;
  /** As written; empty where the manifest has none. */
  readonly hostPath: string;
}

export function hostPathVolumes(podSpec: PodSpecView): readonly HostPathVolume[] {
  return podSpec.volumes.flatMap((volume) => {
    const source = fieldsAt(volume.fields, "hostPath");
    if (source === undefined) return [];
    return [{ name: volume.name, path: below(volume.path, "hostPath"), hostPath: textAt(source, "path") ?? "" }];
  });
}
