import type { Facts, FactsByKind, WorkloadFacts } from "./facts/index.ts";
import type { Inventory } from "./inventory.ts";
import { kindName, type ResourceId, resourceRef } from "./resource.ts";
import { templatePath } from "./views/workload-kinds.ts";

/** The facts of everything live that some rule reads: kept up to date object by object. */
export class InventoryStore implements Inventory {
  readonly #sections = new Map<SectionName, Section<Facts>>();

  /** Adds facts, or replaces those of the same object. */
  upsert(facts: Facts): void {
    const name = sectionOf(facts.id);
    let section = this.#sections.get(name);
    if (section === undefined) {
      section = new Section();
      this.#sections.set(name, section);
    }
    section.put(facts);
  }

  /** Forgets an object; one that is not known is no error. */
  remove(id: ResourceId): void {
    this.#sections.get(sectionOf(id))?.delete(id);
  }

  list<K extends keyof FactsByKind>(kind: K, namespace: string): readonly FactsByKind[K][] {
    return this.#section<FactsByKind[K]>(kind)?.shelf(namespace)?.list() ?? [];
  }

  get<K extends keyof FactsByKind>(kind: K, namespace: string, name: string): FactsByKind[K] | undefined {
    return this.#section<FactsByKind[K]>(kind)?.shelf(namespace)?.get(`${kind}/${name}`);
  }

  workloads(namespace: string): readonly WorkloadFacts[] {
    return this.#section<WorkloadFacts>(workloads)?.shelf(namespace)?.list() ?? [];
  }

  workload(id: ResourceId): WorkloadFacts | undefined {
    return this.#section<WorkloadFacts>(workloads)?.shelf(id.namespace)?.get(resourceRef(id));
  }

  all<K extends keyof FactsByKind>(kind: K): readonly FactsByKind[K][] {
    return this.#section<FactsByKind[K]>(kind)?.list() ?? [];
  }

  allWorkloads(): readonly WorkloadFacts[] {
    return this.#section<WorkloadFacts>(workloads)?.list() ?? [];
  }

  /** A section holds nothing but what the projection of its kind made: `sectionOf` and the callers name it alike. */
  #section<F extends Facts>(name: SectionName): Section<F> | undefined {
    return this.#sections.get(name) as Section<F> | undefined;
  }
}

/** A kind, or all workload kinds. */
type SectionName = string;

const workloads = "workloads";

function sectionOf({ group, kind }: ResourceId): SectionName {
  const name = kindName(group, kind);
  return templatePath(name) === undefined ? name : workloads;
}

/** The facts of one section, a shelf for each namespace. */
class Section<F extends Facts> {
  readonly #shelves = new Map<string, Shelf<F>>();
  #sorted: readonly F[] | undefined;

  shelf(namespace: string): Shelf<F> | undefined {
    return this.#shelves.get(namespace);
  }

  put(facts: F): void {
    let shelf = this.#shelves.get(facts.id.namespace);
    if (shelf === undefined) {
      shelf = new Shelf();
      this.#shelves.set(facts.id.namespace, shelf);
    }
    shelf.put(facts);
    this.#sorted = undefined;
  }

  delete(id: ResourceId): void {
    const shelf = this.#shelves.get(id.namespace);
    if (shelf === undefined) return;
    shelf.delete(id);
    if (shelf.isEmpty) this.#shelves.delete(id.namespace);
    this.#sorted = undefined;
  }

  list(): readonly F[] {
    this.#sorted ??= [...this.#shelves].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, shelf]) => shelf.list());
    return this.#sorted;
  }
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
