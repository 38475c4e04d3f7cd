import { ConsumerError } from "./delivery.ts";
import {
  ApiError,
  BadRequestError,
  ExpiredError,
  ForbiddenError,
  InvalidError,
  MethodNotAllowedError,
  NotFoundError,
  SilentWatchError,
  ThrottledError,
  UnauthorizedError,
} from "./errors.ts";
import type { RestartReason, StaleReason } from "./watch-consumer.ts";

/** The server has forgotten what we have seen: its data was restored from a backup. */
export class VersionWentBackError extends Error {
  override readonly name = "VersionWentBackError";
}

/** The server ends its watches as soon as they are opened. */
export class ShortWatchError extends Error {
  override readonly name = "ShortWatchError";
}

/** What a failure means for the watch that met it. */
export interface WatchFailure {
  readonly restart: RestartReason;
  readonly stale: StaleReason;
  readonly message: string;
  /** Nothing that was heard so far can be built upon. */
  readonly resync: boolean;
  /** The server answered, and would not let us resume. */
  readonly refused: boolean;
  /** How long the server asks us to wait, milliseconds. */
  readonly retryAfterMs: number;
}

export function watchFailure(error: unknown): WatchFailure {
  const message = error instanceof Error ? error.message : String(error);
  const retryAfterMs = error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0;
  const failure = (restart: RestartReason, stale: StaleReason, resync: boolean): WatchFailure => ({
    restart,
    stale,
    message,
    resync,
    refused: error instanceof ApiError && restart === "error",
    retryAfterMs,
  });
  if (error instanceof ExpiredError) return failure("expired", "error", true);
  if (error instanceof SilentWatchError) return failure("silent", "silent", false);
  if (error instanceof ThrottledError) return failure("throttled", "error", false);
  if (error instanceof ForbiddenError || error instanceof UnauthorizedError)
    return failure("forbidden", "forbidden", false);
  if (error instanceof NotFoundError || error instanceof MethodNotAllowedError)
    return failure("not-served", "not-served", true);
  const resync =
    error instanceof ConsumerError ||
    error instanceof VersionWentBackError ||
    // The server does not understand the version that we resume from.
    error instanceof BadRequestError ||
    error instanceof InvalidError;
  return failure("error", "error", resync);
}
