import type { ContainerView } from "./container.ts";
import { type Fields, integerAt, recordsAt, textAt } from "./fields.ts";
import { mergeKeysOf } from "./merge-keys.ts";
import type { Path } from "./path.ts";

/** A port that a container declares. */
export class PortView {
  readonly fields: Fields;
  readonly #container: ContainerView;

  constructor(fields: Fields, container: ContainerView) {
    this.fields = fields;
    this.#container = container;
  }

  /** `containers[name=app].ports[containerPort=80,protocol=TCP]`. */
  get path(): Path {
    const keys = mergeKeysOf("ports", this.fields);
    return keys === undefined ? this.#container.at("ports") : this.#container.at("ports", keys);
  }

  /** Undefined where absent or empty. */
  get name(): string | undefined {
    return textAt(this.fields, "name") || undefined;
  }

  get containerPort(): number | undefined {
    return integerAt(this.fields, "containerPort");
  }

  /** TCP where none is written. */
  get protocol(): string {
    return textAt(this.fields, "protocol") || "TCP";
  }
}

/** The ports of a container, in the order written. */
export function portsOf(container: ContainerView): readonly PortView[] {
  return recordsAt(container.fields, "ports").map((fields) => new PortView(fields, container));
}
