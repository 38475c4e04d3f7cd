import { parseDuration } from "../api/duration.ts";
import type { CompiledPolicy } from "../engine/compiled-policy.ts";
import { evaluateInventory } from "../engine/evaluate-inventory.ts";
import { buildEvidence } from "../engine/evidence.ts";
import type { Evidence, Instant } from "../engine/ledger/types.ts";
import type { KindName } from "../engine/resource.ts";
import type { ClusterWatch } from "./cluster-watch.ts";
import { parseInstant } from "./instant.ts";
import { type KindStanding, kindStandings, namespaceKind } from "./kind-scope.ts";
import { type LedgerKey, parseLedgerKey } from "./ledger-key.ts";
import type { LedgerStore } from "./ledger-store.ts";
import type { LedgerWorld, Standing } from "./ledgers.ts";
import type { PolicyBook } from "./policy-book.ts";
import type { PolicyRun } from "./policy-run.ts";

/** What ledgers of a policy that is gone wait after their namespace, when the policy cannot be asked: the default of `settle`. */
const defaultSettleMs = parseDuration("24h") ?? 0;

/** Everything that the ledgers ask of the cluster, put together from what is followed. */
export class World implements LedgerWorld {
  readonly #book: PolicyBook;
  readonly #watch: ClusterWatch;
  readonly #store: LedgerStore;
  readonly #runs: ReadonlyMap<string, PolicyRun>;
  #isUnread: (key: LedgerKey) => boolean = () => false;

  constructor(parts: {
    readonly book: PolicyBook;
    readonly watch: ClusterWatch;
    readonly store: LedgerStore;
    readonly runs: ReadonlyMap<string, PolicyRun>;
  }) {
    this.#book = parts.book;
    this.#watch = parts.watch;
    this.#store = parts.store;
    this.#runs = parts.runs;
  }

  /** While it holds for a ledger, what is remembered of its objects does not count. */
  restWhile(isUnread: (key: LedgerKey) => boolean): void {
    this.#isUnread = isUnread;
  }

  policy(name: string): CompiledPolicy | undefined {
    return this.#book.get(name)?.inForce;
  }

  baselineTakenAt(name: string): Instant | undefined {
    const run = this.#runs.get(name);
    const stored = parseInstant(this.#book.get(name)?.object.status?.baselineTakenAt);
    const known = [stored, run?.takenAt, run?.tally.takenAt].filter((one) => one !== undefined);
    return known.length === 0 ? undefined : Math.min(...known);
  }

  standing(key: LedgerKey, fullScan: boolean): Standing {
    const { policy: name, namespace } = parseLedgerKey(key);
    const entry = this.#book.get(name);
    const info = namespace === "" ? undefined : this.#watch.namespaces.get(namespace);
    const settleMs = entry?.inForce?.baseline.settleMs ?? defaultSettleMs;
    if (namespace !== "" && info === undefined)
      return this.#watch.knowsNamespaces ? { retired: "namespace-gone", settleMs } : "not-yet";
    if (entry === undefined) return { retired: "orphaned", settleMs };
    const policy = entry.inForce;
    if (policy === undefined || info?.terminating) return "leave";
    const inPlace =
      info === undefined ? policy.clusterResources : policy.matcher.matchesNamespace(namespace, info.labels);
    if (!inPlace) return { retired: "out-of-scope", settleMs };
    if (!this.#runs.get(name)?.isJudged || this.#isUnread(key)) return "not-yet";
    // What a young namespace starts with under Adopt is what its first scan finds, not what happened to be there first.
    const taken = this.baselineTakenAt(name);
    const young = info !== undefined && taken !== undefined && info.createdAt > taken;
    const waits = young && policy.baseline.newNamespaces === "Adopt" && !fullScan && !this.#store.hasBaseline(key);
    return waits ? "not-yet" : "in";
  }

  /** Every kind in scope, and how well it is known. */
  standings(policy: CompiledPolicy): ReadonlyMap<KindName, KindStanding> {
    return kindStandings(policy, this.#watch.catalog, {
      stale: (kind) => this.#watch.follower.stale(kind),
      unreadSince: (name, kind) => this.#runs.get(name)?.unread.get(kind),
    });
  }

  evidence(input: Parameters<LedgerWorld["evidence"]>[0]): Evidence {
    const { policy, namespace, previous, now, fullScan } = input;
    const { state, namespaces, follower } = this.#watch;
    const info = namespaces.get(namespace);
    const judged = [...state.records(namespace)];
    const kinds = new Map([...this.standings(policy)].map(([kind, { evidence }]) => [kind, evidence]));
    const isComplete = (kind: KindName) => (kinds.get(kind)?.state ?? "complete") === "complete";
    return buildEvidence({
      policy,
      namespace: info === undefined ? undefined : { name: info.name, createdAt: info.createdAt },
      namespaceLabels: info?.labels,
      judged,
      inventory: evaluateInventory(policy, judged, state.inventory, isComplete),
      kinds,
      owner: state.owner,
      exists: (kind, within, name) => follower.has(kind, { namespace: kind === namespaceKind ? "" : within, name }),
      previous,
      now,
      fullScan,
    });
  }
}
