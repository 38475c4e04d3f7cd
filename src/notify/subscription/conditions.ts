import type { Condition } from "../../api/conditions.ts";
import type { FieldProblem } from "../../api/field-problem.ts";
import type { ReportSubscriptionSpec } from "../../api/report-subscription.ts";
import type {
  SubscriptionConditionType,
  subscriptionReadyReasons,
  subscriptionStalledReasons,
} from "../../api/report-subscription-conditions.ts";
import { formatInstant, type Instant } from "../../engine/ledger/instant.ts";
import type { Failing } from "./state.ts";

type StalledReason = keyof typeof subscriptionStalledReasons;

/** Why the credentials cannot be used. `transient`: for want of an answer. */
export type CredentialProblem =
  | { readonly kind: "stalled"; readonly reason: StalledReason; readonly message: string }
  | { readonly kind: "transient"; readonly message: string };

export interface ConditionFacts {
  readonly now: Instant;
  readonly generation: number;
  readonly stored: readonly Condition[];
  readonly spec:
    | { readonly ok: true; readonly spec: ReportSubscriptionSpec }
    | { readonly ok: false; readonly problems: readonly FieldProblem[] };
  /** Undefined: they are there. */
  readonly credentials: CredentialProblem | undefined;
  readonly failing: readonly Failing[];
}

const messageLimit = 1024;

/** Ready always, Stalled and Degraded where they hold; pure. */
export function subscriptionConditions(facts: ConditionFacts): readonly Condition[] {
  const stalled = stalledBy(facts);
  if (stalled !== undefined)
    return [
      condition(facts, "Ready", "False", stalled.reason, stalled.message),
      condition(facts, "Stalled", "True", stalled.reason, stalled.message),
    ];
  const { reason, message } = readyText(facts);
  const degraded = degradedBy(facts);
  return [
    condition(facts, "Ready", "True", reason, message),
    ...(degraded === undefined ? [] : [condition(facts, "Degraded", "True", degraded.reason, degraded.message)]),
  ];
}

interface Statement {
  readonly reason: string;
  readonly message: string;
}

function stalledBy({ spec, credentials, failing }: ConditionFacts): Statement | undefined {
  if (!spec.ok) {
    const list = spec.problems.map(({ path, message }) => `${path}: ${message}`).join("; ");
    return { reason: "InvalidSpec" satisfies StalledReason, message: `${list}; nothing is sent until it is edited` };
  }
  if (credentials?.kind === "stalled") return credentials;
  return failing.filter(({ stalled }) => stalled).map(named)[0];
}

function degradedBy({ credentials, failing }: ConditionFacts): Statement | undefined {
  if (credentials !== undefined) return { reason: "SecretUnknown", message: credentials.message };
  return failing.map(named)[0];
}

function named({ channel, reason, message }: Failing): Statement {
  return { reason, message: channel === "" || message.includes(channel) ? message : `${channel}: ${message}` };
}

function readyText({ spec }: ConditionFacts): {
  readonly reason: keyof typeof subscriptionReadyReasons;
  readonly message: string;
} {
  const { suspend = false, digest, immediate } = spec.ok ? spec.spec : {};
  if (suspend) return { reason: "Suspended", message: "Nothing is sent until spec.suspend is false" };
  const what = [
    ...(digest === undefined ? [] : ["a digest on schedule"]),
    ...(immediate === undefined ? [] : ["transitions within minutes"]),
  ];
  return { reason: "Subscribed", message: `Sends ${what.join(" and ")}` };
}

function condition(
  { now, generation, stored }: ConditionFacts,
  type: SubscriptionConditionType,
  status: Condition["status"],
  reason: string,
  message: string,
): Condition {
  const before = stored.find((one) => one.type === type);
  return {
    type,
    status,
    observedGeneration: generation,
    lastTransitionTime: before?.status === status ? before.lastTransitionTime : formatInstant(now),
    reason,
    message: message.length > messageLimit ? `${message.slice(0, messageLimit - 1).toWellFormed()}…` : message,
  };
}
