import { isDeepStrictEqual } from "node:util";
import type { PolicyStatus } from "../api/policy-status.ts";
import type { KubeClient } from "../kube/client.ts";
import type { Clock, Random } from "../kube/clock.ts";
import { type Outcome, runController } from "../kube/controller.ts";
import { NotFoundError } from "../kube/errors.ts";
import type { Logger } from "../kube/logger.ts";
import { mergePatch } from "../kube/merge-patch.ts";
import { identityOf } from "../kube/object.ts";
import { WorkQueue } from "../kube/work-queue.ts";
import { policyType } from "./own-kinds.ts";
import type { PolicyBook, PolicyEntry } from "./policy-book.ts";
import { type PolicyFacts, policyStatus } from "./policy-status.ts";

export interface PolicyReporterOptions {
  readonly client: KubeClient;
  readonly book: PolicyBook;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly mayWrite: () => boolean;
  /** What is known about a policy beside its object. */
  readonly facts: (
    entry: PolicyEntry,
  ) => Omit<PolicyFacts, "now" | "generation" | "stored" | "compiled" | "inactiveRules" | "rulesInForce" | "inForce">;
  /** The policy is being looked at: what is shown elsewhere than in its status may be shown now. */
  readonly onLook: (entry: PolicyEntry) => void;
  /** A status was stored in place of another: what changed may be announced. */
  readonly onStored: (
    entry: PolicyEntry,
    before: PolicyStatus | undefined,
    after: PolicyStatus,
    signal: AbortSignal,
  ) => Promise<void>;
}

/** Changes within this are one write. */
const coalesceMs = 300;
const pauseMs = 1_000;

/** Keeps the status of every Policy: decides it as a whole, and patches it only where it differs from what is stored. */
export class PolicyReporter {
  readonly #options: PolicyReporterOptions;
  readonly #queue: WorkQueue;
  readonly #patchedAt = new Map<string, number>();
  /** What a patch has just stored, until the watch shows it. */
  readonly #latest = new Map<
    string,
    { readonly resourceVersion: string; readonly status: PolicyStatus; readonly before: string }
  >();

  constructor(options: PolicyReporterOptions) {
    this.#options = options;
    this.#queue = new WorkQueue({ clock: options.clock, random: options.random, capMs: 30_000 });
  }

  async run(signal: AbortSignal): Promise<void> {
    const { logger } = this.#options;
    const reconcile = (name: string, stop: AbortSignal) => this.#reconcile(name, stop);
    await runController({ name: "policy", queue: this.#queue, reconcile, workers: 2, logger }, signal);
  }

  touch(policy: string): void {
    this.#queue.addAfter(policy, coalesceMs);
  }

  forget(policy: string): void {
    this.#latest.delete(policy);
    this.#patchedAt.delete(policy);
  }

  async #reconcile(name: string, signal: AbortSignal): Promise<Outcome | undefined> {
    const { book, client, clock, mayWrite } = this.#options;
    const entry = book.get(name);
    if (entry === undefined) return undefined;
    this.#options.onLook(entry);
    const { status: stored, resourceVersion } = this.#stored(entry);
    const status = policyStatus({ ...this.#factsOf(entry, stored), now: client.serverTime() });
    if (isDeepStrictEqual(stored, status)) return undefined;
    const wait = (this.#patchedAt.get(name) ?? Number.NEGATIVE_INFINITY) + pauseMs - clock.monotonic();
    if (wait > 0) return { againInMs: wait };
    if (!mayWrite()) return undefined;
    const patch = { status: mergePatch(stored ?? {}, status) };
    try {
      const answer = await client.patchStatus(policyType, { namespace: "", name }, patch, { resourceVersion, signal });
      this.#patchedAt.set(name, clock.monotonic());
      this.#latest.set(name, {
        resourceVersion: identityOf(answer).resourceVersion,
        status,
        before: entry.object.resourceVersion,
      });
    } catch (error) {
      // Deleted meanwhile: the watch will say so.
      if (error instanceof NotFoundError) return undefined;
      this.#latest.delete(name);
      throw error;
    }
    await this.#options.onStored(entry, stored, status, signal);
    return undefined;
  }

  /** The watch may lag behind our own last patch; as soon as it shows anything newer, that counts. */
  #stored({ object }: PolicyEntry): { readonly status: PolicyStatus | undefined; readonly resourceVersion: string } {
    const latest = this.#latest.get(object.name);
    if (latest !== undefined && latest.before === object.resourceVersion) return latest;
    this.#latest.delete(object.name);
    return { status: object.status, resourceVersion: object.resourceVersion };
  }

  #factsOf(entry: PolicyEntry, stored: PolicyStatus | undefined): Omit<PolicyFacts, "now"> {
    const { object, inForce, problems } = entry;
    const good = problems.length === 0 && inForce !== undefined;
    return {
      ...this.#options.facts(entry),
      stored,
      generation: object.generation,
      inForce: inForce === undefined ? undefined : { generation: inForce.generation, spec: { ...inForce.spec } },
      compiled: good
        ? { ok: true, rules: inForce.rules.length, kinds: inForce.kinds.length }
        : { ok: false, problems, inForce: inForce?.generation },
      inactiveRules: inForce?.inactiveRules ?? [],
      rulesInForce: inForce?.rules.map(({ id }) => id) ?? [],
    };
  }
}
