/** Conditions of a ReportSubscription. Each text says what the condition states and when it is there. */
export const subscriptionConditions = {
  Ready:
    "The spec was understood, the credentials are there, and the receiver has not refused them. Always there once the spec was looked at.",
  Stalled:
    "Nothing can be sent until a person acts; the message names the field and says what to do. Absent when fine, so that delivery tools fail at once and only then.",
  Degraded: "A message could not be delivered and is tried again. Absent when fine.",
} as const;

export type SubscriptionConditionType = keyof typeof subscriptionConditions;

/** Reasons of Ready=True. */
export const subscriptionReadyReasons = {
  Subscribed: "What the spec asks for is sent.",
  Suspended: "Nothing is sent, as spec.suspend asks for.",
} as const;

/** Reasons of Ready=False, and equally of Stalled=True. The message names the field. */
export const subscriptionStalledReasons = {
  InvalidSpec: "A field has a value that it cannot have, or is not known to this version.",
  SecretNotAllowed: "The setting report-secrets does not name the Secret.",
  SecretNotReadable:
    "The operator may not read the Secret; the message holds the kubectl lines that grant it that, and nothing else.",
  SecretNotFound: "There is no such Secret in the operator's namespace.",
  MissingKey: "The Secret lacks a key, or it is empty.",
  Unauthorized: "The receiver refused the credential: it is wrong, has expired, or lacks a right.",
  UnknownChannel: "The channel, mailbox or address does not exist, or is closed to the operator.",
  Rejected: "The receiver does not take the message, for a reason that only its side can change.",
  InvalidPayload: "The receiver calls the message malformed or too large.",
  BadCertificate: "The receiver cannot prove who it is, or does not encrypt.",
} as const;

/** Reasons of Degraded=True. */
export const subscriptionDegradedReasons = {
  RateLimited: "The receiver wants fewer messages.",
  Unreachable: "There is no connection to the receiver, or it failed.",
  Timeout: "The receiver did not answer in time.",
  SecretUnknown: "The API server could not say what the Secret holds.",
  ReportsUnreadable: "The API server could not say what the reports hold.",
  Unconfirmed: "The operator ended twice while it was sending a message, which is not sent a third time.",
} as const;
