import type { ReportSubscriptionSpec } from "../../../src/api/report-subscription.ts";
import { delivered, type Failure, missed } from "../../../src/notify/subscription/attempts.ts";
import { decide } from "../../../src/notify/subscription/decide.ts";
import type { ReportedChange } from "../../../src/notify/subscription/happening.ts";
import { type Pending, readState, type StateFields, writeState } from "../../../src/notify/subscription/state.ts";
import { change, factsOf, start } from "./samples.ts";

/** Where a process ends while it delivers a message. */
export type CrashPoint = "before intent" | "after intent" | "after sending";

const unreachable: Failure = { reason: "Unreachable", message: "refused", retry: {}, unconfirmed: false };

/** A subscription with its stored status, a receiver, and processes that come and go. */
export class SimulatedSubscription {
  readonly spec: ReportSubscriptionSpec;
  /** By the API server's clock, which may jump. */
  now = start;
  stored: StateFields = {};
  readonly changes: ReportedChange[] = [];
  /** Everything that reached the receiver. */
  readonly received: { readonly pending: Pending; readonly repeated: boolean }[] = [];
  /** Messages that were decided on and persisted, by id. */
  readonly decided = new Map<string, Pending>();
  isUp = true;
  crashes = 0;
  #looked = 0;
  #arrived = 0;
  #isFirst = true;

  constructor(spec: ReportSubscriptionSpec) {
    this.spec = spec;
    this.look();
  }

  /** A violation appears, stored with a time that may lie behind. */
  happen(lateMs: number): void {
    this.#arrived += 1;
    const at = Math.floor((this.now - lateMs) / 1_000) * 1_000;
    const id = `c${this.changes.length}`;
    this.changes.push(change(id, at, { arrival: this.#arrived, rule: `rule-${this.changes.length % 3}` }));
  }

  /** Another process takes over: what it finds was there before it. */
  restart(): void {
    this.changes.splice(0, Number.POSITIVE_INFINITY, ...this.changes.map((one) => ({ ...one, arrival: 0 })));
    this.#arrived = 0;
    this.#looked = 0;
  }

  /** Looks and delivers until nothing is due. */
  look(crash?: CrashPoint): void {
    for (let round = 0; round < 50; round++) if (!this.#once(round === 0 ? crash : undefined)) return;
    throw new Error("a subscription that never comes to rest");
  }

  #once(crash: CrashPoint | undefined): boolean {
    const decision = decide(
      factsOf({
        now: this.now,
        spec: this.spec,
        state: readState(this.stored),
        happenings: this.changes,
        looked: this.#looked,
        isEdited: this.#isFirst,
      }),
    );
    this.#isFirst = false;
    if (crash === "before intent") return this.#crash();
    this.stored = writeState(decision.state);
    this.#looked = this.#arrived;
    for (const pending of decision.state.pending)
      if (!this.decided.has(pending.id)) this.decided.set(pending.id, pending);
    const { attempt } = decision;
    if (attempt === undefined) return false;
    if (crash === "after intent") return this.#crash();
    if (this.isUp) this.received.push({ pending: attempt, repeated: attempt.repeated === true });
    if (crash === "after sending") return this.#crash();
    const state = readState(this.stored);
    this.stored = writeState(
      this.isUp ? delivered(state, attempt, this.now) : missed(state, attempt, this.now, unreachable),
    );
    return true;
  }

  #crash(): boolean {
    this.crashes += 1;
    this.restart();
    return false;
  }
}
