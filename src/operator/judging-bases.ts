import type { CompiledPolicy } from "../engine/compiled-policy.ts";
import type { TextMap } from "../engine/views/fields.ts";
import type { Basis } from "../kube/watch-consumer.ts";

export interface JudgedBy {
  /** Another list whenever any of them is another one. */
  readonly policies: () => readonly CompiledPolicy[];
  /** Another map whenever they are other ones. */
  readonly namespaceLabels: (namespace: string) => TextMap | undefined;
}

/**
 * What the verdict on an object rests on beside the object: see docs/decisions/0008. One for all objects of a namespace, however many
 * there are.
 */
export class JudgingBases {
  readonly #by: JudgedBy;
  readonly #bases = new Map<string, JudgingBasis>();

  constructor(by: JudgedBy) {
    this.#by = by;
  }

  /** That of now. */
  of(namespace: string): Basis {
    const known = this.#bases.get(namespace);
    if (known?.holds) return known;
    const basis = new JudgingBasis(this.#by, namespace);
    this.#bases.set(namespace, basis);
    return basis;
  }

  /** The namespace is gone. */
  forget(namespace: string): void {
    this.#bases.delete(namespace);
  }
}

class JudgingBasis implements Basis {
  readonly #by: JudgedBy;
  readonly #namespace: string;
  readonly #policies: readonly CompiledPolicy[];
  readonly #labels: TextMap | undefined;

  constructor(by: JudgedBy, namespace: string) {
    this.#by = by;
    this.#namespace = namespace;
    this.#policies = by.policies();
    this.#labels = by.namespaceLabels(namespace);
  }

  get holds(): boolean {
    return this.#by.policies() === this.#policies && this.#by.namespaceLabels(this.#namespace) === this.#labels;
  }
}
