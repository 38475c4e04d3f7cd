import { type Fields, integerAt, recordsAt, textAt } from "./fields.ts";
import { mergeKeysOf } from "./merge-keys.ts";
import { type Path, path } from "./path.ts";
import type { ResourceView } from "./resource-view.ts";

/** One port of a Service. */
export interface ServicePortView {
  /** `spec.ports[port=80,protocol=TCP].targetPort`. */
  readonly path: Path;
  /** Where Pods are to listen: a port's name, or a number, which is the Service's own where nothing is written. */
  readonly target: string | number | undefined;
}

export function servicePorts(view: ResourceView): readonly ServicePortView[] {
  return recordsAt(view.object, "spec", "ports").map((port) => ({ path: targetPath(port), target: targetOf(port) }));
}

function targetPath(port: Fields): Path {
  const keys = mergeKeysOf("ports", port);
  return keys === undefined ? path("spec", "ports") : path("spec", "ports", keys, "targetPort");
}

function targetOf(port: Fields): string | number | undefined {
  return textAt(port, "targetPort") || (integerAt(port, "targetPort") ?? integerAt(port, "port"));
}
