import { type MetricDefinition, metricTable } from "./metric-table.ts";
import { type OwnedViolation, OwnerCounts } from "./owner-counts.ts";
import {
  type AllSeries,
  type CappedSeries,
  capSeries,
  leastSeriesCap,
  type NamespaceSeries,
  type RuleSeries,
  type Slot,
  slots,
} from "./series-cap.ts";

/** How many violations there are of one severity and state, both spelled as in reports. */
export interface ViolationCount {
  readonly severity: "Critical" | "High" | "Medium" | "Low";
  readonly state: "New" | "Known";
  readonly count: number;
}

export interface RuleViolationCount extends ViolationCount {
  readonly rule: string;
}

export const defaultSeriesCap = 2000;

const pieceLength = 64 * 1024;

/**
 * The series `pawl_violations`, `pawl_rule_violations` and `pawl_owner_violations`. Fed with the present counts, it writes them in the Prometheus
 * text format, never more series than the cap (`series-cap.ts` says which give way). Series come sorted.
 */
export class ViolationSeries {
  readonly #cap: number;
  readonly #namespaces = new Map<string, Map<string, NamespaceSeries>>();
  readonly #rules = new Map<string, readonly RuleSeries[]>();
  readonly #owners = new OwnerCounts();
  #capped: CappedSeries | undefined;
  #leader = false;

  /**
   * @param options.cap the most series there may be, those of `_other` included; 2,000 if left out
   * @throws RangeError if the cap leaves no room for one `_other` a family
   */
  constructor(options: { readonly cap?: number } = {}) {
    this.#cap = options.cap ?? defaultSeriesCap;
    if (!Number.isSafeInteger(this.#cap) || this.#cap < leastSeriesCap)
      throw new RangeError(`The series cap must be a whole number of at least ${leastSeriesCap}, not ${this.#cap}`);
  }

  /** Only the leader exposes the state of the cluster; what was fed before shows once it leads. */
  setLeader(leader: boolean): void {
    this.#leader = leader;
  }

  /**
   * Replaces the counts of one namespace; what is not given is 0.
   * @param namespace empty for cluster-scoped resources
   * @throws RangeError on a count that is not a whole number of at least 0
   */
  set(policy: string, namespace: string, counts: readonly ViolationCount[]): void {
    const byRank = slots.map(() => 0);
    for (const violations of counts) {
      const { rank } = slotOf(violations);
      byRank[rank] = (byRank[rank] ?? 0) + wholeCount(violations.count);
    }
    const ofPolicy = this.#namespaces.get(policy) ?? new Map<string, NamespaceSeries>();
    ofPolicy.set(namespace, { policy, namespace, counts: byRank });
    this.#namespaces.set(policy, ofPolicy);
    this.#capped = undefined;
  }

  /**
   * Replaces the counts of all rules of one policy.
   * @throws RangeError on a count that is not a whole number of at least 0
   */
  setRules(policy: string, counts: readonly RuleViolationCount[]): void {
    const series = new Map<string, RuleSeries>();
    for (const violations of counts) {
      const slot = slotOf(violations);
      const key = `${slot.rank} ${violations.rule}`;
      const count = wholeCount(violations.count) + (series.get(key)?.count ?? 0);
      if (count > 0) series.set(key, { policy, rule: violations.rule, slot, count });
    }
    this.#rules.set(policy, [...series.values()]);
    this.#capped = undefined;
  }

  /**
   * Replaces the violations that a policy sees in one namespace, of which each owner's are counted over all policies.
   * @param namespace empty for cluster-scoped resources
   */
  setOwned(policy: string, namespace: string, violations: Iterable<OwnedViolation>): void {
    this.#owners.set(policy, namespace, violations);
    this.#capped = undefined;
  }

  /** Drops one namespace of a policy, or without a namespace all that the policy has, its rules included. */
  remove(policy: string, namespace?: string): void {
    this.#owners.remove(policy, namespace);
    if (namespace === undefined) {
      this.#namespaces.delete(policy);
      this.#rules.delete(policy);
    } else {
      this.#namespaces.get(policy)?.delete(namespace);
    }
    this.#capped = undefined;
  }

  /** Series that gave way to the cap; 0 while this replica does not lead. */
  get dropped(): number {
    return this.#leader ? this.#series().dropped : 0;
  }

  /** The text format in pieces of about 64 KB, each ending with a line; nothing while this replica does not lead. */
  *exposition(): Generator<string, void, void> {
    if (!this.#leader) return;
    let piece = "";
    for (const line of lines(this.#series())) {
      piece += line;
      if (piece.length >= pieceLength) {
        yield piece;
        piece = "";
      }
    }
    if (piece !== "") yield piece;
  }

  #series(): CappedSeries {
    this.#capped ??= capSeries(
      {
        namespaces: [...this.#namespaces.values()].flatMap((ofPolicy) => [...ofPolicy.values()]),
        rules: [...this.#rules.values()].flat(),
        owners: this.#owners.series(),
      },
      this.#cap,
    );
    return this.#capped;
  }
}

function* lines({ namespaces, rules, owners }: AllSeries): Generator<string, void, void> {
  yield header(metricTable.violations);
  for (const { policy, namespace, counts } of namespaces) {
    const place = `${metricTable.violations.name}{policy="${labelValue(policy)}",namespace="${labelValue(namespace)}"`;
    for (const { rank, severity, state } of slots)
      yield `${place},severity="${severity}",state="${state}"} ${counts[rank] ?? 0}\n`;
  }
  yield header(metricTable.ruleViolations);
  for (const { policy, rule, slot, count } of rules) {
    const place = `${metricTable.ruleViolations.name}{policy="${labelValue(policy)}",rule="${labelValue(rule)}"`;
    yield `${place},severity="${slot.severity}",state="${slot.state}"} ${count}\n`;
  }
  yield header(metricTable.ownerViolations);
  for (const { owner, slot, count } of owners) {
    const place = `${metricTable.ownerViolations.name}{owner="${labelValue(owner)}"`;
    yield `${place},severity="${slot.severity}",state="${slot.state}"} ${count}\n`;
  }
}

function header({ name, help, kind }: MetricDefinition): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${kind}\n`;
}

function slotOf(violations: ViolationCount): Slot {
  const severity = violations.severity.toLowerCase();
  const state = violations.state.toLowerCase();
  const slot = slots.find((candidate) => candidate.severity === severity && candidate.state === state);
  if (slot === undefined)
    throw new RangeError(`There is no series for violations of severity ${severity} and state ${state}`);
  return slot;
}

function wholeCount(count: number): number {
  if (!Number.isSafeInteger(count) || count < 0)
    throw new RangeError(`A count of violations must be a whole number of at least 0, not ${count}`);
  return count;
}

function labelValue(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
