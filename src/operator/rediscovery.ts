import type { KindName } from "../engine/resource.ts";
import type { KubeClient } from "../kube/client.ts";
import type { Clock } from "../kube/clock.ts";
import { serverVersion } from "../kube/discovery.ts";
import type { Logger } from "../kube/logger.ts";
import type { ClusterWatch } from "./cluster-watch.ts";
import type { Errands } from "./errands.ts";
import type { PolicyBook, PolicyChange } from "./policy-book.ts";

export interface RediscoveryOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly book: PolicyBook;
  readonly watch: ClusterWatch;
  readonly errands: Errands;
  /** The cluster runs another release, by which this policy was compiled anew. */
  readonly onRecompiled: (change: PolicyChange) => void;
  /** Kinds came into what is followed and were read, but for those in `unread`. */
  readonly onAdded: (added: readonly KindName[], unread: ReadonlySet<KindName>) => void;
}

/** What tells of a change comes in bursts: a CRD, then its conditions. */
const pauseMs = 500;
/** What no watch tells: aggregated APIs, a cluster upgraded under us. */
const everyMs = 300_000;
const retryMs = 30_000;

/** Keeps what is known of the served kinds, and of the cluster's release, up to date. */
export class Rediscovery {
  readonly #options: RediscoveryOptions;
  #signal: AbortSignal = AbortSignal.abort();
  #cancel: (() => void) | undefined;

  constructor(options: RediscoveryOptions) {
    this.#options = options;
  }

  /** From here on until the signal is aborted. */
  start(signal: AbortSignal): void {
    this.#signal = signal;
    this.#after(everyMs);
  }

  /** Something tells that other kinds may be served now. */
  soon(): void {
    this.#after(pauseMs);
  }

  /** A scan covers what is served when it begins, although no watch may have told of it yet. */
  async now(): Promise<void> {
    try {
      await this.#options.watch.rediscover(this.#signal);
    } catch (error) {
      if (this.#signal.aborted) return;
      this.#options.logger.warn({ error }, "discovery failed and will be tried again");
      this.#after(retryMs);
    }
  }

  stop(): void {
    this.#cancel?.();
  }

  #after(ms: number): void {
    const { clock, errands } = this.#options;
    if (this.#signal.aborted) return;
    this.#cancel?.();
    this.#cancel = clock.after(ms, () => {
      this.#cancel = undefined;
      errands.add(this.#run());
    });
  }

  async #run(): Promise<void> {
    const { watch, logger, onAdded } = this.#options;
    let pause = everyMs;
    try {
      await this.#followUpgrade();
      if (await watch.rediscover(this.#signal)) {
        const added = watch.follow();
        onAdded(added, await watch.follower.relist(added));
      }
      if (watch.catalog.discovery.failedGroups.size > 0) pause = retryMs;
    } catch (error) {
      if (this.#signal.aborted) return;
      logger.warn({ error }, "discovery failed and will be tried again");
      pause = retryMs;
    }
    if (this.#cancel === undefined) this.#after(pause);
  }

  /** What is deprecated or allowed depends on the release: after an upgrade everything is judged anew. */
  async #followUpgrade(): Promise<void> {
    const { book, client, logger, onRecompiled } = this.#options;
    const { major, minor, gitVersion } = await serverVersion(client, this.#signal);
    if (major === book.release.major && minor === book.release.minor) return;
    logger.info({ version: gitVersion }, "cluster runs another release");
    for (const change of book.recompile({ major, minor })) onRecompiled(change);
  }
}
