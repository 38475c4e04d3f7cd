import type { RuleAdoption } from "../api/policy-status.ts";
import type { CompiledPolicy } from "../engine/compiled-policy.ts";
import { formatInstant } from "../engine/ledger/instant.ts";
import type { Instant } from "../engine/ledger/types.ts";
import type { KindName } from "../engine/resource.ts";
import { type Coverage, maxAdoptions } from "./policy-status.ts";
import type { RunningSchedule } from "./schedule.ts";
import { Tally } from "./tally.ts";

/** A rule is adopted ledger by ledger; when nothing came for this long, all of them have. */
const adoptionQuietMs = 4_000;

/** What one rule found when it was adopted. */
export interface Adopted {
  readonly rule: string;
  readonly violations: number;
  readonly resources: number;
}

/** The same, over all ledgers of a policy. */
export interface AdoptedEverywhere extends Adopted {
  readonly namespaces: number;
}

/** What the leader knows of one policy beside its object: all of it is learned anew after a restart. */
export class PolicyRun {
  readonly name: string;
  readonly tally = new Tally();
  /** Raised whenever the verdicts of the version in force may differ from before. */
  #version = 0;
  /** The version by which a full pass has judged everything; it judges what changes from then on. */
  #judgedVersion = -1;
  /** Kinds that the last full pass could not read, and since when they wait for it. */
  readonly unread = new Map<KindName, Instant>();
  /** `takenAt` of Baselines found at the start, where the status does not tell. */
  takenAt: Instant | undefined;
  coverage: Coverage | undefined;
  lastScanTime: Instant | undefined;
  nextScanTime: Instant | null | undefined;
  handledScanRequest: string | undefined;
  /** The scan request that a pass under way will answer. */
  takenScanRequest: string | undefined;
  schedule: RunningSchedule | undefined;
  /** Scheduled scans due until then have shared an earlier pass. */
  coveredUntil: Instant = Number.NEGATIVE_INFINITY;
  #adoptions: readonly RuleAdoption[] = [];
  readonly #adopted = new Map<string, AdoptedEverywhere>();
  #adoptedAt = Number.NEGATIVE_INFINITY;
  readonly #adopting = new Set<string>();
  /** The wait for something that only time brings, of a policy that is not watched. */
  deadline: { readonly at: Instant; readonly cancel: () => void } | undefined;

  constructor(name: string) {
    this.name = name;
  }

  get version(): number {
    return this.#version;
  }

  /** The verdicts may differ: nothing is concluded until everything was judged anew. */
  edited(): void {
    this.#version += 1;
  }

  /** A full pass that began at this version has read everything it could. */
  judged(version: number): void {
    this.#judgedVersion = version;
  }

  get isJudged(): boolean {
    return this.#judgedVersion === this.#version;
  }

  /** Rules were adopted in a ledger; one Event will tell of all. `at`: local monotonic time. */
  adopt(rules: readonly Adopted[], at: number): void {
    if (rules.length > 0) this.#adoptedAt = at;
    for (const { rule, violations, resources } of rules) {
      const before = this.#adopted.get(rule) ?? { violations: 0, resources: 0, namespaces: 0 };
      this.#adopted.set(rule, {
        rule,
        violations: before.violations + violations,
        resources: before.resources + resources,
        namespaces: before.namespaces + 1,
      });
    }
  }

  /** Whether a ledger has still to adopt: what inventory rules found at their first pass has to hold for a minute. */
  adopting(namespace: string, isAdopting: boolean): void {
    if (isAdopting) this.#adopting.add(namespace);
    else this.#adopting.delete(namespace);
  }

  /** Adoptions of which an Event told, for the status to keep; newest first. */
  get adoptions(): readonly RuleAdoption[] {
    return this.#adoptions;
  }

  /** All ledgers have adopted these rules. */
  adopted(rules: readonly AdoptedEverywhere[], now: Instant): void {
    const at = formatInstant(now);
    this.#adoptions = [...rules.map((rule) => ({ ...rule, at })), ...this.#adoptions].slice(0, maxAdoptions);
  }

  /** What was adopted since the last call, sorted; nothing while more may still come. */
  takeAdopted(now: number): readonly AdoptedEverywhere[] {
    return this.#adopting.size > 0 || now - this.#adoptedAt < adoptionQuietMs ? [] : this.takeAllAdopted();
  }

  /** The same, also while more may still come: for a leader that ends, after which nobody knows of it. */
  takeAllAdopted(): readonly AdoptedEverywhere[] {
    const adopted = [...this.#adopted.values()].sort((a, b) => (a.rule < b.rule ? -1 : 1));
    this.#adopted.clear();
    return adopted;
  }

  stop(): void {
    this.schedule?.stop();
    this.deadline?.cancel();
  }
}

/** Whether changes are judged as they happen. */
export function isWatched(policy: CompiledPolicy): boolean {
  return policy.scan.continuous && !policy.scan.suspend;
}
