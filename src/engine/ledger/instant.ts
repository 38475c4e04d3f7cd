/** Milliseconds since the epoch, on the API server's clock. The ledger never reads a clock. */
export type Instant = number;

/** What is stored has whole seconds: the second that the instant lies in. */
export function wholeSecond(instant: Instant): Instant {
  return Math.floor(instant / 1000) * 1000;
}

/** RFC 3339 in UTC with whole seconds. */
export function formatInstant(instant: Instant): string {
  return `${new Date(instant).toISOString().slice(0, 19)}Z`;
}

/** Reads what the schemas let through as a timestamp. */
export function parseInstant(text: string): Instant {
  return wholeSecond(Date.parse(text));
}
