/**
 * Why a message could not be delivered.
 *
 * - `RateLimited`: the receiver wants fewer messages
 * - `Unreachable`: no connection, or it broke; the receiver failed (5xx)
 * - `Timeout`: no answer in time
 * - `Rejected`: the receiver does not take this message, for a reason that only its side can change
 * - `Unauthorized`: the credential is wrong, expired or lacks a right
 * - `UnknownChannel`: the channel, mailbox or address does not exist or is closed to us
 * - `InvalidPayload`: the receiver calls the message malformed or too large
 * - `BadCertificate`: the receiver cannot prove who it is, or does not encrypt
 * - `MissingCredential`: a key is missing in the Secret, or holds nothing usable
 */
export type DeliveryErrorCode =
  | "RateLimited"
  | "Unreachable"
  | "Timeout"
  | "Rejected"
  | "Unauthorized"
  | "UnknownChannel"
  | "InvalidPayload"
  | "BadCertificate"
  | "MissingCredential";

/** Whether the same message is worth another attempt; `after` is how many milliseconds the receiver asks to wait. */
export type Retry = { readonly after?: number } | "never";

export interface DeliveryFailure {
  readonly code: DeliveryErrorCode;
  readonly retry: Retry;
  /** Where to look: a field below `spec.sink`, such as `slack.channel`, or a key of the Secret, such as `Secret key "token"`. */
  readonly field?: string;
  /** What happened, with the receiver's own words where it gave some; redacted. */
  readonly reason: string;
  /** What to do about it, as one sentence. */
  readonly advice: string;
  /** The receiver may have taken the message all the same: its answer was lost. */
  readonly unconfirmed?: boolean;
}

/**
 * A delivery that failed. Holds no credential and no address of a webhook, and on purpose no `cause`: errors of libraries
 * carry what was sent. So it may be logged, stored and shown as it is.
 */
export class DeliveryError extends Error {
  override readonly name = "DeliveryError";
  readonly code: DeliveryErrorCode;
  readonly retry: Retry;
  readonly field: string | undefined;
  readonly advice: string;
  readonly unconfirmed: boolean;

  constructor({ code, retry, field, reason, advice, unconfirmed = false }: DeliveryFailure) {
    super(`${field === undefined ? "" : `${field}: `}${reason}. ${advice}`);
    this.code = code;
    this.retry = retry;
    this.field = field;
    this.advice = advice;
    this.unconfirmed = unconfirmed;
  }
}
