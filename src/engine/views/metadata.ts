import { type Fields, fieldsAt } from "./fields.ts";
import type { Path } from "./path.ts";
import type { ResourceView } from "./resource-view.ts";

/** Metadata that carries labels and annotations: the object's, and that of its pod template. */
export interface MetadataView {
  readonly on: "object" | "template";
  /** `metadata`, `spec.template.metadata`. */
  readonly path: Path;
  /** Undefined where nothing is written. */
  readonly metadata: Fields | undefined;
}

/** The object's metadata first. A Pod has one for both: it is the object's. */
export function metadataOf(view: ResourceView): readonly MetadataView[] {
  const own: MetadataView = { on: "object", path: "metadata", metadata: fieldsAt(view.object, "metadata") };
  const pod = view.podSpec;
  if (pod === undefined || pod.metadataPath === own.path) return [own];
  return [own, { on: "template", path: pod.metadataPath, metadata: pod.metadata }];
}
