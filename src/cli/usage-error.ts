/** The command was called wrongly. The message says what is wrong and what to write instead, without naming the command. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
