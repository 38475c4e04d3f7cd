import type { Judged } from "../engine/judged.ts";
import { type KindName, type ResourceRef, resourceRef } from "../engine/resource.ts";
import type { Namespaces } from "../engine/rule.ts";

/** Which namespaces hold objects whose verdict rests on facts of another one: a RoleBinding, a route across namespaces. */
export class ForeignReaders {
  /** By the kind that is read, then by the namespace and the ref of the object that reads it. */
  readonly #readers = new Map<KindName, Map<string, Map<ResourceRef, Namespaces>>>();

  /** Takes in a record in place of what stood there before; cluster-scoped objects are not followed here. */
  replace(before: Judged | undefined, after: Judged | undefined): void {
    if (before !== undefined) this.#drop(before);
    if (after === undefined || after.id.namespace === "") return;
    for (const { kinds, namespaces } of elsewhereOf(after))
      for (const kind of kinds) this.#add(kind, after, namespaces);
  }

  /** Other namespaces whose objects read this kind in this namespace, sorted. */
  of(kind: KindName, namespace: string): readonly string[] {
    const found: string[] = [];
    for (const [reader, refs] of this.#readers.get(kind) ?? [])
      if (reader !== namespace && refs.values().some((read) => read === "all" || read.includes(namespace)))
        found.push(reader);
    return found.sort();
  }

  #add(kind: KindName, { id }: Judged, namespaces: Namespaces): void {
    const readers = this.#readers.get(kind) ?? new Map<string, Map<ResourceRef, Namespaces>>();
    this.#readers.set(kind, readers);
    const refs = readers.get(id.namespace) ?? new Map<ResourceRef, Namespaces>();
    readers.set(id.namespace, refs);
    const ref = resourceRef(id);
    refs.set(ref, union(refs.get(ref) ?? [], namespaces));
  }

  #drop(judged: Judged): void {
    const { namespace } = judged.id;
    for (const { kinds } of elsewhereOf(judged))
      for (const kind of kinds) {
        const readers = this.#readers.get(kind);
        const refs = readers?.get(namespace);
        refs?.delete(resourceRef(judged.id));
        if (refs?.size === 0) readers?.delete(namespace);
      }
  }
}

function elsewhereOf({ verdicts }: Judged) {
  return [...verdicts.values()].flatMap(({ subjects }) => subjects.flatMap(({ elsewhere }) => elsewhere ?? []));
}

function union(a: Namespaces, b: Namespaces): Namespaces {
  return a === "all" || b === "all" ? "all" : [...new Set([...a, ...b])];
}
