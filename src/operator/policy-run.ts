import type { RuleAdoption } from "../api/policy-status.ts";
import type { CompiledPolicy } from "../engine/compiled-policy.ts";
import type { Instant } from "../engine/ledger/types.ts";
import type { KindName } from "../engine/resource.ts";
import { Adoptions } from "./adoptions.ts";
import { type Coverage, maxAdoptions } from "./policy-status.ts";
import type { RunningSchedule } from "./schedule.ts";
import { Tally } from "./tally.ts";

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
  readonly adoptions: Adoptions;
  #told: readonly RuleAdoption[] = [];
  /** The wait for something that only time brings, of a policy that is not watched. */
  deadline: { readonly at: Instant; readonly cancel: () => void } | undefined;

  /** `toldUntil`: see `Adoptions`. */
  constructor(name: string, toldUntil: Instant = Number.NEGATIVE_INFINITY) {
    this.name = name;
    this.adoptions = new Adoptions(toldUntil);
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

  /** What was adopted since this leader began and told of, for the status to keep; newest first. */
  get told(): readonly RuleAdoption[] {
    return this.#told;
  }

  tell(adoptions: readonly RuleAdoption[]): void {
    this.#told = [...adoptions, ...this.#told].slice(0, maxAdoptions);
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
