import type { Facts, FactsByKind, WorkloadFacts } from "./facts/index.ts";
import type { Inventory } from "./inventory.ts";
import { kindName, type ResourceId, resourceRef } from "./resource.ts";
import { templatePath } from "./views/workload-kinds.ts";

/** The facts of everything live that some rule reads: kept up to date object by object. */
export class InventoryStore implements Inventory {
  readonly #shelves = new Map<ShelfName, Shelf<Facts>>();

  /** Adds facts, or replaces those of the same object. */
  upsert(facts: Facts): void {
    const name = shelfOf(facts.id);
    let shelf = this.#shelves.get(name);
    if (shelf === undefined) {
      shelf = new Shelf();
      this.#shelves.set(name, shelf);
    }
    shelf.put(facts);
  }

  /** Forgets an object; one that is not known is no error. */
  remove(id: ResourceId): void {
    const name = shelfOf(id);
    const shelf = this.#shelves.get(name);
    shelf?.delete(id);
    if (shelf?.isEmpty) this.#shelves.delete(name);
  }

  list<K extends keyof FactsByKind>(kind: K, namespace: string): readonly FactsByKind[K][] {
    return this.#shelf<FactsByKind[K]>(shelfName(kind, namespace))?.list() ?? [];
  }

  get<K extends keyof FactsByKind>(kind: K, namespace: string, name: string): FactsByKind[K] | undefined {
    return this.#shelf<FactsByKind[K]>(shelfName(kind, namespace))?.get(`${kind}/${name}`);
  }

  workloads(namespace: string): readonly WorkloadFacts[] {
    return this.#shelf<WorkloadFacts>(shelfName(workloads, namespace))?.list() ?? [];
  }

  workload(id: ResourceId): WorkloadFacts | undefined {
    return this.#shelf<WorkloadFacts>(shelfName(workloads, id.namespace))?.get(resourceRef(id));
  }

  /** A shelf holds nothing but what the projection of its kind made: `shelfOf` and the callers name it alike. */
  #shelf<F extends Facts>(name: ShelfName): Shelf<F> | undefined {
    return this.#shelves.get(name) as Shelf<F> | undefined;
  }
}

/** Facts of one kind in one namespace, or of all workload kinds in it. */
type ShelfName = string;

const workloads = "workloads";

function shelfName(kind: string, namespace: string): ShelfName {
  return `${kind}/${namespace}`;
}

function shelfOf({ group, kind, namespace }: ResourceId): ShelfName {
  const name = kindName(group, kind);
  return shelfName(templatePath(name) === undefined ? name : workloads, namespace);
}

/** Facts by resource, handed out sorted by name, then kind. Sorted when somebody asks, and once until the next change. */
class Shelf<F extends Facts> {
  readonly #facts = new Map<string, F>();
  #sorted: readonly F[] | undefined;

  get isEmpty(): boolean {
    return this.#facts.size === 0;
  }

  put(facts: F): void {
    this.#facts.set(resourceRef(facts.id), facts);
    this.#sorted = undefined;
  }

  delete(id: ResourceId): void {
    if (this.#facts.delete(resourceRef(id))) this.#sorted = undefined;
  }

  get(ref: string): F | undefined {
    return this.#facts.get(ref);
  }

  list(): readonly F[] {
    this.#sorted ??= [...this.#facts.values()].sort(byNameThenKind);
    return this.#sorted;
  }
}

function byNameThenKind({ id: a }: Facts, { id: b }: Facts): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return resourceRef(a) < resourceRef(b) ? -1 : 1;
}
