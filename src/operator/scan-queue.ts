import type { Clock } from "../kube/clock.ts";

/** Why a full scan of a policy is wanted. */
export type ScanReason = "start" | "edit" | "schedule" | "request" | "pending" | "namespaces";

export interface ScanQueueOptions {
  readonly clock: Clock;
  /** Carries out one pass over all that these policies need. What it throws is handed to `failed`. */
  readonly run: (policies: ReadonlyMap<string, ReadonlySet<ScanReason>>) => Promise<void>;
  readonly failed: (error: unknown, policies: ReadonlyMap<string, ReadonlySet<ScanReason>>) => void;
}

/** A burst of edits is one scan: a pass begins when nothing was asked for this long … */
const quietMs = 300;
/** … but never waits longer than this for silence. */
const longestMs = 2_000;

/** Collects what is asked for and runs one pass at a time; whatever is asked for during a pass shares the next one. */
export class ScanQueue {
  readonly #options: ScanQueueOptions;
  #wanted = new Map<string, Set<ScanReason>>();
  #firstAskedAt: number | undefined;
  #cancelTimer: (() => void) | undefined;
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(options: ScanQueueOptions) {
    this.#options = options;
  }

  request(policy: string, reason: ScanReason): void {
    if (this.#stopped) return;
    const reasons = this.#wanted.get(policy) ?? new Set();
    reasons.add(reason);
    this.#wanted.set(policy, reasons);
    this.#firstAskedAt ??= this.#options.clock.monotonic();
    this.#arm();
  }

  /** A deleted policy is not scanned any more. */
  forget(policy: string): void {
    this.#wanted.delete(policy);
  }

  /** Takes no more requests and waits for the pass that is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelTimer?.();
    await this.#running;
  }

  #arm(): void {
    if (this.#running !== undefined || this.#firstAskedAt === undefined) return;
    this.#cancelTimer?.();
    const { clock } = this.#options;
    const left = this.#firstAskedAt + longestMs - clock.monotonic();
    this.#cancelTimer = clock.after(Math.max(0, Math.min(quietMs, left)), () => this.#begin());
  }

  #begin(): void {
    this.#cancelTimer = undefined;
    const wanted = this.#wanted;
    this.#wanted = new Map();
    this.#firstAskedAt = undefined;
    if (wanted.size === 0 || this.#stopped) return;
    this.#running = this.#options
      .run(wanted)
      .catch((error: unknown) => this.#options.failed(error, wanted))
      .finally(() => {
        this.#running = undefined;
        this.#arm();
      });
  }
}
