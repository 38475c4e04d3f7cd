import type { Severity } from "../api/severity.ts";

/** One place where one rule does not hold on one resource. */
export interface Violation {
  readonly rule: string;
  /** Place in the grammar of `views/path.ts`: `containers[name=app].resources.limits.memory`. */
  readonly path: string;
  /** Value class, only for rules that ask for one in the fingerprint: an image repository, a capability. */
  readonly class?: string;
  readonly messageId: string;
  /** Arguments of the message, by placeholder. */
  readonly data: Readonly<Record<string, string | number>>;
  /** The offending value as a reader wants to see it, at most 64 characters; never given by rules about secrets. */
  readonly value?: string;
  readonly severity: Severity;
}

/** A rule that could not judge: it threw. It never ends a scan, and what it covers counts as unverified. */
export interface Problem {
  readonly rule: string;
  /** `Deployment.apps/checkout`. */
  readonly resource: string;
  readonly reason: string;
}

/** The part of a fingerprint below the resource: unique per violation of one resource, up to its count. */
export type ViolationKey = string;

/** Rule, path and value class, joined by a character that none of them may hold. */
export function violationKey(violation: {
  readonly rule: string;
  readonly path: string;
  readonly class?: string | undefined;
}): ViolationKey {
  return violation.class === undefined
    ? `${violation.rule}\n${violation.path}`
    : `${violation.rule}\n${violation.path}\n${violation.class}`;
}
