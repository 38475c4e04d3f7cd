import type { Judged } from "../engine/judged.ts";
import { ledgerNamespace } from "../engine/match.ts";
import { type ResourceRef, resourceRef } from "../engine/resource.ts";

/** Where there are objects that answer to a controller, by that controller: what it says of owner and source is said of them, too. */
export class Controlled {
  /** How many there are in each namespace. */
  readonly #counts = new Map<ResourceRef, Map<string, number>>();

  /** Takes in a record in place of what stood there before. */
  replace(before: Judged | undefined, after: Judged | undefined): void {
    this.#add(before, -1);
    this.#add(after, 1);
  }

  /** Namespaces in which others show what this object says of its owner and source; sorted. A Namespace speaks for what is in it. */
  answersTo({ id }: Judged): readonly string[] {
    const namespaces = this.#counts.get(resourceRef(id));
    const own = ledgerNamespace(id);
    if (own !== undefined && id.namespace === "") return [own];
    if (own !== undefined) return namespaces?.has(own) ? [own] : [];
    return [...(namespaces?.keys() ?? [])].sort();
  }

  /** Folded objects show nothing themselves; who carries for them is told of by its own record. */
  #add(judged: Judged | undefined, by: 1 | -1): void {
    if (judged?.controller === undefined || judged.role === "folded") return;
    const ref = `${judged.controller.kind}/${judged.controller.name}`;
    const namespaces = this.#counts.get(ref) ?? new Map<string, number>();
    const count = (namespaces.get(judged.id.namespace) ?? 0) + by;
    if (count > 0) namespaces.set(judged.id.namespace, count);
    else namespaces.delete(judged.id.namespace);
    if (namespaces.size > 0) this.#counts.set(ref, namespaces);
    else this.#counts.delete(ref);
  }
}
