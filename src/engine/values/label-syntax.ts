/** What is wrong with a label key or value; undefined: legal. */
export type LabelProblem = "tooLong" | "illegal";

const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const name = /^[A-Za-z0-9]([-_.A-Za-z0-9]*[A-Za-z0-9])?$/;

const maxName = 63;
const maxPrefix = 253;

/** An optional DNS prefix of at most 253 characters and a slash, then a name of at most 63. */
export function labelKeyProblem(key: string): LabelProblem | undefined {
  const slash = key.indexOf("/");
  const prefix = slash < 0 ? undefined : key.slice(0, slash);
  const rest = key.slice(slash + 1);
  if (rest.length > maxName || (prefix?.length ?? 0) > maxPrefix) return "tooLong";
  if (!name.test(rest) || (prefix !== undefined && !subdomain.test(prefix))) return "illegal";
  return undefined;
}

/** Empty, or at most 63 characters with `-_.` inside only. */
export function labelValueProblem(value: string): LabelProblem | undefined {
  if (value.length > maxName) return "tooLong";
  return value === "" || name.test(value) ? undefined : "illegal";
}
