import type { Identity } from "./object.ts";

interface Known {
  uid: string;
  resourceVersion: string;
  /** The pass that saw it last. */
  pass: number;
}

/** What exists, as far as was heard: never an object, only who it is and at which version it was seen. */
export class KnownObjects {
  readonly #objects = new Map<string, Known>();
  #pass = 0;

  get size(): number {
    return this.#objects.size;
  }

  get(key: { readonly namespace: string; readonly name: string }): Readonly<Known> | undefined {
    return this.#objects.get(keyOf(key));
  }

  set(object: Identity): void {
    const key = keyOf(object);
    const known = this.#objects.get(key);
    if (known === undefined) {
      this.#objects.set(key, { uid: object.uid, resourceVersion: object.resourceVersion, pass: this.#pass });
    } else {
      known.uid = object.uid;
      known.resourceVersion = object.resourceVersion;
      known.pass = this.#pass;
    }
  }

  delete(key: { readonly namespace: string; readonly name: string }): void {
    this.#objects.delete(keyOf(key));
  }

  /** From now on `set` counts as seen in a new pass. */
  beginPass(): void {
    this.#pass += 1;
  }

  /** Everything that the pass did not see. */
  *missing(): Generator<Identity, void, undefined> {
    for (const [key, { uid, resourceVersion, pass }] of this.#objects) {
      if (pass === this.#pass) continue;
      const slash = key.indexOf("/");
      yield { namespace: key.slice(0, slash), name: key.slice(slash + 1), uid, resourceVersion };
    }
  }
}

function keyOf(key: { readonly namespace: string; readonly name: string }): string {
  return `${key.namespace}/${key.name}`;
}
