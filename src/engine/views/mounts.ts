import type { ContainerView } from "./container.ts";
import { type Fields, flagAt, recordsAt, textAt } from "./fields.ts";
import type { Path } from "./path.ts";

/** Where a container sees a volume. */
export class MountView {
  readonly #fields: Fields;
  readonly #container: ContainerView;

  constructor(fields: Fields, container: ContainerView) {
    this.#fields = fields;
    this.#container = container;
  }

  /** `containers[name=app].volumeMounts[mountPath=/data]`. */
  get path(): Path {
    return this.#container.at("volumeMounts", { mountPath: this.mountPath });
  }

  /** Name of the volume; empty where none is written. */
  get volume(): string {
    return textAt(this.#fields, "name") ?? "";
  }

  /** As written; empty where the manifest has none. */
  get mountPath(): string {
    return textAt(this.#fields, "mountPath") ?? "";
  }

  get readOnly(): boolean {
    return flagAt(this.#fields, "readOnly") === true;
  }
}

/** The mounts of a container, in the order written. */
export function mountsOf(container: ContainerView): readonly MountView[] {
  return recordsAt(container.fields, "volumeMounts").map((fields) => new MountView(fields, container));
}
