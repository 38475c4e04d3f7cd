const deepestCause = 5;

/** What went wrong and why, in one line: the message of an error and of its causes, without stacks. */
export function failureText(error: unknown): string {
  const texts: string[] = [];
  let cause = error;
  for (let depth = 0; depth <= deepestCause && cause !== undefined; depth++) {
    const text = textOf(cause);
    if (texts.at(-1) !== text) texts.push(text);
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return oneLine(texts.join(": "));
}

export function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function textOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === "") return error.errors.map(textOf).join(", ");
  return error instanceof Error ? error.message || error.name : String(error);
}
