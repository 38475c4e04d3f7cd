import { ApiError, ConflictError } from "./errors.ts";
import type { Logger } from "./logger.ts";
import { slicer } from "./slicer.ts";
import type { WorkQueue } from "./work-queue.ts";

/** What comes next for a key: nothing until it is added again, or another look after `againInMs`. */
export interface Outcome {
  readonly againInMs?: number | undefined;
}

export interface ControllerOptions {
  /** For logs and metrics: `policy`. */
  readonly name: string;
  readonly queue: WorkQueue;
  /** Brings one thing into order. What it throws is logged, and the key tried again later. */
  readonly reconcile: (key: string, signal: AbortSignal) => Promise<Outcome | undefined>;
  readonly workers: number;
  readonly logger: Logger;
  readonly onReconciled?: ((key: string, result: "ok" | "conflict" | "error") => void) | undefined;
}

/** Workers that take keys from a queue until the signal is aborted. Resolves when the last one has finished its key. */
export async function runController(options: ControllerOptions, signal: AbortSignal): Promise<void> {
  const { queue } = options;
  const closing = Promise.withResolvers<void>();
  const close = (): void => closing.resolve(queue.close());
  if (signal.aborted) close();
  signal.addEventListener("abort", close, { once: true });
  const workers = Array.from({ length: options.workers }, () => work(options, signal));
  await Promise.all([closing.promise, ...workers]);
}

async function work(options: ControllerOptions, signal: AbortSignal): Promise<void> {
  for (;;) {
    const key = await options.queue.take();
    if (key === null) return;
    // Many keys that wait for nothing from outside would keep the event loop to themselves.
    if (slicer.due) await slicer.pause();
    try {
      await reconcileOne(options, key, signal);
    } finally {
      options.queue.done(key);
    }
  }
}

async function reconcileOne(options: ControllerOptions, key: string, signal: AbortSignal): Promise<void> {
  const { name, queue, logger, onReconciled } = options;
  try {
    const outcome = await options.reconcile(key, signal);
    queue.forget(key);
    if (outcome?.againInMs !== undefined) queue.addAfter(key, outcome.againInMs);
    onReconciled?.(key, "ok");
  } catch (error) {
    if (signal.aborted) return;
    const delayMs = Math.round(queue.retry(key, error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0));
    // Somebody else was faster: nothing is wrong, and the next look sees what they wrote.
    const conflict = error instanceof ConflictError;
    if (conflict) logger.debug({ controller: name, key, delayMs }, "reconcile met a conflict");
    else logger.error({ controller: name, key, delayMs, error }, "reconcile failed");
    onReconciled?.(key, conflict ? "conflict" : "error");
  }
}
