import type { Digest } from "./digest.ts";
import type { Identity } from "./object.ts";
import type { Basis } from "./watch-consumer.ts";

interface Known {
  uid: string;
  resourceVersion: string;
  /** The pass that saw it last. */
  pass: number;
  /** Of the text that the consumer took in, if that was the last that was heard of the object. */
  digest: Digest | undefined;
  /** What else the consumer's work rested on then. */
  basis: Basis | undefined;
}

/** What exists, as far as was heard: never an object, only who it is, at which version it was seen, and a digest. */
export class KnownObjects {
  readonly #objects = new Map<string, Known>();
  /** Those that were taken in, by digest. */
  readonly #texts = new Map<Digest, Known>();
  #pass = 0;

  get size(): number {
    return this.#objects.size;
  }

  get(key: { readonly namespace: string; readonly name: string }): Readonly<Known> | undefined {
    return this.#objects.get(keyOf(key));
  }

  /** It was heard of: what was taken in of it may be another state. */
  set(object: Identity): void {
    const key = keyOf(object);
    const known = this.#objects.get(key);
    if (known === undefined) {
      const { uid, resourceVersion } = object;
      this.#objects.set(key, { uid, resourceVersion, pass: this.#pass, digest: undefined, basis: undefined });
    } else {
      this.#forgetText(known);
      known.uid = object.uid;
      known.resourceVersion = object.resourceVersion;
      known.pass = this.#pass;
    }
  }

  /** The consumer has taken in what `set` told of last. */
  takenIn(key: { readonly namespace: string; readonly name: string }, digest: Digest, basis: Basis): void {
    const known = this.#objects.get(keyOf(key));
    if (known === undefined) return;
    known.digest = digest;
    known.basis = basis;
    this.#texts.set(digest, known);
  }

  /** Whether an object of this text is what was taken in last, on a basis that still holds; it counts as seen then. */
  recognise(digest: Digest): boolean {
    const known = this.#texts.get(digest);
    if (!known?.basis?.holds) return false;
    known.pass = this.#pass;
    return true;
  }

  delete(key: { readonly namespace: string; readonly name: string }): void {
    const known = this.#objects.get(keyOf(key));
    if (known === undefined) return;
    this.#forgetText(known);
    this.#objects.delete(keyOf(key));
  }

  /** From now on `set` and `recognise` count as seen in a new pass. */
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

  #forgetText(known: Known): void {
    if (known.digest === undefined) return;
    this.#texts.delete(known.digest);
    known.digest = undefined;
    known.basis = undefined;
  }
}

function keyOf(key: { readonly namespace: string; readonly name: string }): string {
  return `${key.namespace}/${key.name}`;
}
