import type { PolicyMatch } from "../../../src/api/policy-match.ts";
import { type Severity, severities } from "../../../src/api/severity.ts";
import { emptyMemory, stepLedger } from "../../../src/engine/ledger/step.ts";
import { decodeBaseline, encodeBaseline } from "../../../src/engine/ledger/storage/baseline.ts";
import type { LedgerId, ObjectWrites } from "../../../src/engine/ledger/storage/objects.ts";
import { decodeReport, encodeReport } from "../../../src/engine/ledger/storage/report.ts";
import type { StoredBaseline, StoredReport, Transition } from "../../../src/engine/ledger/stored.ts";
import type {
  CountedViolation,
  Evidence,
  Instant,
  KindEvidence,
  LedgerMemory,
  LedgerPolicy,
  LedgerRule,
  LedgerStep,
  ResourceEvidence,
} from "../../../src/engine/ledger/types.ts";
import { noOwnership, type Ownership } from "../../../src/engine/ownership/ownership.ts";
import { type KubeObject, refKind } from "../../../src/engine/resource.ts";
import { type Problem, type ViolationKey, violationKey } from "../../../src/engine/violation.ts";

export const second = 1000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;

/** Saturday, 2026-11-21 07:00:00 UTC. */
export const start: Instant = Date.UTC(2026, 10, 21, 7);

function rule(
  severity: Severity,
  scope: LedgerRule["scope"] = "resource",
  change: Partial<LedgerRule> = {},
): LedgerRule {
  return { revision: 1, params: "p1", severity, title: `Title of a ${severity} rule`, scope, ...change };
}

/** The rules that tests speak of: `limit`, `tag` and `root` look at one object, `service` and `budget` at its siblings too. */
export const rules: Readonly<Record<string, LedgerRule>> = {
  limit: rule("High"),
  tag: rule("Medium"),
  root: rule("Critical"),
  service: rule("Low", "inventory"),
  budget: rule("Low", "inventory"),
};

export interface LiveResource {
  /** `rule@path`, `rule@path#class`, with ` x3` behind it for three of them. */
  readonly violations: readonly string[];
  readonly shape?: string;
  readonly inPreviousScope?: boolean;
  readonly ownership?: Ownership | "unknown";
  /** List elements that still exist, whatever violations they have. */
  readonly elements?: readonly string[];
  /** It exists, but the policy does not judge it. */
  readonly outOfScope?: boolean;
}

/** A ledger with a cluster round it: what is put into the cluster is judged, stored and read back as the operator does it. */
export class SimulatedLedger {
  now = start;
  policy: LedgerPolicy;
  memory: LedgerMemory = emptyMemory;
  namespace: Evidence["namespace"] = { name: "shop", createdAt: start - 365 * day };
  readonly cluster = new Map<string, LiveResource>();
  readonly kinds = new Map<string, KindEvidence>([
    ["Deployment.apps", { state: "complete", served: true }],
    ["Job.batch", { state: "complete", served: true }],
    ["Service", { state: "complete", served: true }],
  ]);
  readonly brokenRules = new Map<string, { readonly since: Instant; readonly reason: string }>();
  problems: readonly Problem[] = [];
  fullScan = false;
  baselines: readonly KubeObject[] = [];
  reports: readonly KubeObject[] = [];
  /** Everything that was written, in order: `Baseline production.ns.shop`. */
  readonly writes: string[] = [];
  /** Transitions of all steps whose writes were stored, and what they add up to in the counters. */
  readonly told: Transition[] = [];
  readonly counters = { found: 0, gone: 0 };
  #version = 0;

  constructor(policy: Partial<LedgerPolicy> = {}) {
    this.policy = {
      name: "production",
      uid: "policy-uid",
      mode: "Ratchet",
      settleMs: day,
      newNamespaces: "Empty",
      match: { clusterResources: "Auto" },
      baselineTakenAt: undefined,
      rules: new Map(["limit", "tag", "root", "service"].map((id) => [id, ruleNamed(id)])),
      ...policy,
    };
  }

  get id(): LedgerId {
    return { policy: this.policy, namespace: this.namespace?.name };
  }

  get baseline(): StoredBaseline | undefined {
    return decodeBaseline(this.baselines, this.id).stored;
  }

  get report(): StoredReport | undefined {
    return decodeReport(this.reports, this.id).stored;
  }

  /** FIXED. */
  get fixed(): number {
    return this.report?.summary.fixed ?? 0;
  }

  /** What the Baseline says was accepted after it was taken, rule by rule. */
  adopted(): readonly object[] {
    return [...(this.baseline?.rules ?? [])].flatMap(([rule, { adopted }]) => (adopted ? [{ rule, ...adopted }] : []));
  }

  put(ref: string, violations: readonly string[] = [], rest: Omit<LiveResource, "violations"> = {}): this {
    this.cluster.set(ref, { violations, ...rest });
    return this;
  }

  delete(...refs: readonly string[]): this {
    for (const ref of refs) this.cluster.delete(ref);
    return this;
  }

  after(ms: number): this {
    this.now += ms;
    return this;
  }

  /** From now on the kind has no complete and current list. */
  lose(kind: string): this {
    this.kinds.set(kind, { state: "incomplete", since: this.now, reason: "forbidden" });
    return this;
  }

  regain(kind: string): this {
    this.kinds.set(kind, { state: "complete", served: true });
    return this;
  }

  breakRule(id: string): this {
    this.brokenRules.set(id, { since: this.now, reason: "reads a kind that is incomplete" });
    return this;
  }

  mendRule(id: string): this {
    this.brokenRules.delete(id);
    return this;
  }

  editPolicy(change: Partial<LedgerPolicy>): this {
    this.policy = { ...this.policy, ...change };
    return this;
  }

  editMatch(match: Partial<PolicyMatch>): this {
    return this.editPolicy({ match: { ...this.policy.match, ...match } });
  }

  /** Enables a rule, or changes it. */
  enable(id: string, change: Partial<LedgerRule> = {}): this {
    return this.editPolicy({ rules: new Map([...this.policy.rules, [id, { ...ruleNamed(id), ...change }]]) });
  }

  disable(id: string): this {
    return this.editPolicy({ rules: new Map([...this.policy.rules].filter(([other]) => other !== id)) });
  }

  /** The operator forgets what it has in memory. */
  restart(): this {
    this.memory = emptyMemory;
    return this;
  }

  /** One step, with nothing of it stored. */
  decide(): LedgerStep {
    const { now, policy, memory } = this;
    const stored = { baseline: this.baseline, report: this.report };
    return stepLedger({ now, policy, stored, memory, evidence: this.evidence() });
  }

  /** Steps and stores until the ledger is at rest; the last step. Fails if it does not come to rest. */
  evaluate(): LedgerStep {
    for (let round = 0; round < 10; round++) {
      const step = this.decide();
      this.store(step, "both");
      if (!step.again) return step;
    }
    throw new Error("the ledger does not come to rest");
  }

  /** Lets as much time pass as the ledger asks for, evaluates, and so on until the time is up. */
  live(ms: number): LedgerStep {
    const end = this.now + ms;
    for (;;) {
      const { nextDeadline } = this.evaluate();
      if (nextDeadline !== undefined && nextDeadline <= this.now) throw new Error("a deadline that has passed");
      if (nextDeadline === undefined || nextDeadline > end) break;
      this.now = nextDeadline;
    }
    this.now = end;
    return this.evaluate();
  }

  /** One step that is cut off before, between or right after its two writes by a crash, which takes the memory. */
  crash(when: "before-writes" | "between-writes" | "after-writes"): this {
    const step = this.decide();
    const first = step.writeOrder === "baseline-first" ? "baseline" : "report";
    if (when !== "before-writes") this.store(step, when === "after-writes" ? "both" : first);
    return this.restart();
  }

  store(step: LedgerStep, what: "both" | "baseline" | "report"): void {
    const options = { mayShrink: this.fullScan };
    const baseline = () => {
      this.baselines = this.#apply(this.baselines, encodeBaseline(step.baseline, this.id, this.baselines, options));
    };
    const report = () => {
      this.reports = this.#apply(this.reports, encodeReport(step.report, this.id, this.reports, options));
      this.told.push(...step.transitions);
    };
    const order = step.writeOrder === "baseline-first" ? [baseline, report] : [report, baseline];
    for (const write of order) if (what === "both" || (write === baseline) === (what === "baseline")) write();
    if (what !== "both") return;
    for (const severity of severities) {
      this.counters.found += step.counts.found[severity];
      this.counters.gone += step.counts.gone[severity];
    }
    this.memory = step.memory;
  }

  #apply(existing: readonly KubeObject[], { puts, deletes }: ObjectWrites<KubeObject>): readonly KubeObject[] {
    const name = (object: KubeObject) => {
      const metadata = object.metadata as { readonly name: string };
      return `${String(object.kind)} ${metadata.name}`;
    };
    const objects = new Map(existing.map((object) => [name(object), object]));
    for (const put of puts) {
      this.writes.push(name(put));
      const metadata = {
        uid: `uid of ${name(put)}`,
        ...(put.metadata as object),
        resourceVersion: `${++this.#version}`,
      };
      objects.set(name(put), { ...put, metadata });
    }
    for (const one of deletes) objects.delete(`${one.kind} ${one.name}`);
    return [...objects.values()];
  }

  evidence(): Evidence {
    const judged = [...this.cluster].filter(([, { outOfScope }]) => outOfScope !== true);
    return {
      namespace: this.namespace,
      kinds: new Map(this.kinds),
      rules: new Map(this.brokenRules),
      resources: new Map(judged.map(([ref, resource]) => [ref, this.#resource(ref, resource)])),
      outOfScope: (ref) => this.cluster.get(ref)?.outOfScope === true,
      problems: this.problems,
      fullScan: this.fullScan,
    };
  }

  #resource(ref: string, { violations, shape, inPreviousScope, elements, ownership }: LiveResource): ResourceEvidence {
    const counted = new Map<ViolationKey, CountedViolation>();
    for (const text of violations) {
      const violation = violationOf(text, this.policy.rules);
      if (!this.policy.rules.has(violation.violation.rule)) continue;
      counted.set(violationKey(violation.violation), violation);
    }
    const places = [...(elements ?? []), ...[...counted.values()].map(({ violation }) => violation.path)];
    return {
      ref,
      kind: refKind(ref),
      generated: ref.endsWith("*"),
      shape: shape ?? (counted.size > 0 ? `shape of ${ref}` : ""),
      inPreviousScope: inPreviousScope ?? true,
      violations: counted,
      ownership: () => (ownership === "unknown" ? undefined : (ownership ?? noOwnership)),
      hasElement: (path) => places.some((place) => place.startsWith(path)),
    };
  }

  /** The report's rows, a line each: `New Deployment.apps/web limit@a x2`. */
  rows(): string[] {
    return (this.report?.violating ?? []).flatMap(({ ref, rows }) =>
      rows.map(
        ({ state, rule: id, path, class: valueClass, count, moved }) =>
          `${state}${moved ? " moved" : ""} ${ref} ${spell(id, path, valueClass, count)}`,
      ),
    );
  }

  /** What was told since the last time one asked, a line each: `Fixed Deployment.apps/web limit@a`. */
  news(): string[] {
    return this.told
      .splice(0)
      .map(
        ({ to, ref, rule: id, path, class: valueClass, count }) => `${to} ${ref} ${spell(id, path, valueClass, count)}`,
      )
      .sort();
  }

  /** The Baseline's entries, a line each. */
  entries(): string[] {
    return (this.baseline?.resources ?? []).flatMap(({ ref, entries }) =>
      entries.map(({ rule: id, path, class: valueClass, count, absentSince, outSince, idleSince }) => {
        const state = [
          absentSince === undefined ? [] : ["absent"],
          outSince === undefined ? [] : ["out"],
          idleSince === undefined ? [] : ["idle"],
        ].flat();
        return [...state, ref, spell(id, path, valueClass, count)].join(" ");
      }),
    );
  }
}

function ruleNamed(id: string): LedgerRule {
  const known = rules[id];
  if (known === undefined) throw new Error(`no rule ${id}`);
  return known;
}

function spell(id: string, path: string, valueClass: string | undefined, count: number): string {
  return `${id}@${path}${valueClass === undefined ? "" : `#${valueClass}`}${count === 1 ? "" : ` x${count}`}`;
}

export function violationOf(text: string, known: ReadonlyMap<string, LedgerRule>): CountedViolation {
  const [, id = "", path = "", valueClass, count = "1"] = /^([^@]+)@([^#]*?)(?:#(.*?))?(?: x(\d+))?$/.exec(text) ?? [];
  return {
    violation: {
      rule: id,
      path,
      ...(valueClass === undefined ? {} : { class: valueClass }),
      messageId: "wrong",
      data: {},
      severity: known.get(id)?.severity ?? "Low",
    },
    count: Number(count),
  };
}

/** A ledger whose baseline was taken, with this in it, and whose inventory rules have been adopted. */
export function ledgerWith(
  resources: Readonly<Record<string, readonly string[]>>,
  policy: Partial<LedgerPolicy> = {},
): SimulatedLedger {
  const ledger = new SimulatedLedger(policy);
  for (const [ref, violations] of Object.entries(resources)) ledger.put(ref, violations);
  ledger.evaluate();
  ledger.after(minute).evaluate();
  ledger.editPolicy({ baselineTakenAt: start }).after(hour).evaluate();
  ledger.news();
  ledger.counters.found = 0;
  ledger.counters.gone = 0;
  ledger.writes.length = 0;
  return ledger;
}
