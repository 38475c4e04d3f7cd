import { type DestinationStream, pino, stdTimeFunctions } from "pino";
import { errorFields } from "./error-fields.ts";

/** From the most to the least talkative. */
export const logLevels = ["debug", "info", "warn", "error"] as const;

export type LogLevel = (typeof logLevels)[number];

/** Messages are constant, so that they can be counted and searched; whatever varies goes into the fields. */
export interface Logger {
  debug(fields: Readonly<Record<string, unknown>>, message: string): void;
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** Fields whose values never reach the log, in an entry itself and in objects up to three levels below it. */
const secretFields = [
  "authorization",
  "Authorization",
  "cookie",
  "password",
  "secret",
  "token",
  "clientSecret",
  "privateKey",
  "client-key-data",
] as const;

const redactedPaths = secretFields.flatMap((field) =>
  ["", "*", "*.*", "*.*.*"].map((parent) => (parent === "" ? `["${field}"]` : `${parent}["${field}"]`)),
);

/**
 * Writes one JSON object a line: `{"level":"info","time":"2026-11-21T07:25:00.000Z", …fields, "msg":"…"}`.
 * An Error under `error` becomes its type, message, code, causes and stack. Never throws on unserialisable fields.
 *
 * @param destination stdout if left out. It is written synchronously and unbuffered: entries are few, and the last one
 *   before a crash is the one that matters.
 */
export function createLogger(options: { readonly level: LogLevel; readonly destination?: DestinationStream }): Logger {
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: errorFields },
      redact: { paths: redactedPaths, censor: "[redacted]" },
    },
    options.destination ?? pino.destination({ dest: 1, sync: true }),
  );
}
