import type { FactsByKind, WorkloadFacts } from "./facts/index.ts";
import type { ResourceId } from "./resource.ts";

/**
 * What inventory rules may know about an object's siblings: the few projected facts that stay in memory when the objects
 * themselves have been dropped. Only kinds that enabled rules read are held. Everything is sorted by namespace, then name.
 */
export interface Inventory {
  /** Facts of one kind in one namespace; `""` for cluster-scoped kinds. */
  list<K extends keyof FactsByKind>(kind: K, namespace: string): readonly FactsByKind[K][];
  get<K extends keyof FactsByKind>(kind: K, namespace: string, name: string): FactsByKind[K] | undefined;
  /** All workloads of a namespace that are judged themselves (folded ones are not among them). */
  workloads(namespace: string): readonly WorkloadFacts[];
  workload(id: ResourceId): WorkloadFacts | undefined;
  /**
   * Facts of one kind in all namespaces. The same list until something of the kind changes, so what is derived from it
   * can be kept with it. Only for rules that say so by `elsewhere`.
   */
  all<K extends keyof FactsByKind>(kind: K): readonly FactsByKind[K][];
  /** As `all`, for workloads. */
  allWorkloads(): readonly WorkloadFacts[];
}
