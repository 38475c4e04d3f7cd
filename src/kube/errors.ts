import { isRecord, text } from "./object.ts";

/** Everything that can go wrong between us and the API server. Callers decide by class, never by message. */
export abstract class KubeError extends Error {
  /** Method and path: `GET /apis/apps/v1/deployments`. */
  readonly request: string;

  constructor(request: string, message: string, options?: ErrorOptions) {
    super(`${request}: ${message}`, options);
    this.name = new.target.name;
    this.request = request;
  }
}

/** No answer: refused, reset, cut, name not resolved, TLS refused. The request may or may not have been carried out. */
export class ConnectionError extends KubeError {}

/** No answer in time. The request may or may not have been carried out. */
export class RequestTimeoutError extends KubeError {}

/** A watch on which nothing, not even a bookmark, has arrived for too long. */
export class SilentWatchError extends KubeError {}

/** An answer that is not what the API promises: wrong content type, cut short, no JSON, a page token seen before. */
export class MalformedResponseError extends KubeError {}

export interface StatusCause {
  readonly reason: string;
  readonly message: string;
  /** Path in the object: `spec.rules[0].severity`. */
  readonly field: string;
}

/** The `Status` object of an answer, as far as the server filled it. */
export interface StatusDetails {
  readonly status: number;
  readonly reason: string;
  readonly message: string;
  readonly causes: readonly StatusCause[];
  readonly retryAfterMs: number | null;
}

/** The API server answered, and said no. */
export class ApiError extends KubeError {
  readonly status: number;
  readonly reason: string;
  readonly causes: readonly StatusCause[];
  /** How long the server asks us to wait; null where it does not. */
  readonly retryAfterMs: number | null;

  constructor(request: string, details: StatusDetails) {
    super(request, `${details.status} ${details.reason}: ${details.message}`);
    this.status = details.status;
    this.reason = details.reason;
    this.causes = details.causes;
    this.retryAfterMs = details.retryAfterMs;
  }
}

export class BadRequestError extends ApiError {}
export class UnauthorizedError extends ApiError {}
export class ForbiddenError extends ApiError {}
export class NotFoundError extends ApiError {}
export class MethodNotAllowedError extends ApiError {}
/** Somebody else wrote the object in between: read it again and decide again. */
export class ConflictError extends ApiError {}
export class AlreadyExistsError extends ApiError {}
/** The resourceVersion or page token is too old: list again. */
export class ExpiredError extends ApiError {}
/** The object breaks its schema or a validation; `causes` name the fields. */
export class InvalidError extends ApiError {}
export class ThrottledError extends ApiError {}
/** 5xx: the server failed, which says nothing about the request. */
export class ServerError extends ApiError {}

type ApiErrorClass = new (request: string, details: StatusDetails) => ApiError;

const BY_STATUS: ReadonlyMap<number, ApiErrorClass> = new Map<number, ApiErrorClass>([
  [400, BadRequestError],
  [401, UnauthorizedError],
  [403, ForbiddenError],
  [404, NotFoundError],
  [405, MethodNotAllowedError],
  [409, ConflictError],
  [410, ExpiredError],
  [422, InvalidError],
  [429, ThrottledError],
]);

/** Reasons that say more than the status code, or come in a watch where there is no status line. */
const BY_REASON: ReadonlyMap<string, ApiErrorClass> = new Map<string, ApiErrorClass>([
  ["AlreadyExists", AlreadyExistsError],
  ["Expired", ExpiredError],
  ["Gone", ExpiredError],
]);

/** Builds the error of a refused request, or of an ERROR event, from its details. */
export function apiError(request: string, details: StatusDetails): ApiError {
  const ErrorClass =
    BY_REASON.get(details.reason) ??
    BY_STATUS.get(details.status) ??
    (details.status >= 500 || details.status === 0 ? ServerError : ApiError);
  return new ErrorClass(request, details);
}

/** Reads a `Status` object; whatever is missing or of a wrong type reads as empty. */
export function readStatus(body: unknown, httpStatus: number, retryAfterMs: number | null): StatusDetails {
  const status = isRecord(body) ? body : {};
  const details = isRecord(status.details) ? status.details : {};
  const seconds = details.retryAfterSeconds;
  const causes = Array.isArray(details.causes) ? details.causes : [];
  return {
    status: typeof status.code === "number" ? status.code : httpStatus,
    reason: text(status.reason),
    message: text(status.message),
    causes: causes.filter(isRecord).map((cause) => ({
      reason: text(cause.reason),
      message: text(cause.message),
      field: text(cause.field),
    })),
    retryAfterMs: retryAfterMs ?? (typeof seconds === "number" && seconds > 0 ? seconds * 1000 : null),
  };
}

/** True for a refusal because the namespace is being deleted. */
export function isNamespaceTerminating(error: unknown): boolean {
  return error instanceof ForbiddenError && error.causes.some((cause) => cause.reason === "NamespaceTerminating");
}
