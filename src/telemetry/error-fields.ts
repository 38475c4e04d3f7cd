/** What the log tells of an error. */
export interface ErrorFields {
  readonly type: string;
  readonly message: string;
  readonly code?: string | number;
  readonly stack?: string;
  readonly cause?: ErrorFields;
}

const deepestCause = 5;

/**
 * Takes only named fields of an error: errors of HTTP clients carry whole requests, and with them credentials.
 * What is thrown but no Error is told by its text.
 */
export function errorFields(error: unknown): ErrorFields {
  return describe(error, deepestCause);
}

function describe(error: unknown, causes: number): ErrorFields {
  if (!(error instanceof Error)) return { type: typeof error, message: textOf(error) };
  const code = "code" in error ? error.code : undefined;
  return {
    type: error.name,
    message: error.message,
    ...(typeof code === "string" || typeof code === "number" ? { code } : {}),
    ...(error.stack === undefined ? {} : { stack: error.stack }),
    ...(error.cause === undefined || causes === 0 ? {} : { cause: describe(error.cause, causes - 1) }),
  };
}

function textOf(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return "a value without text";
  }
}
