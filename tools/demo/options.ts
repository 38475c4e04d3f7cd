import { parseArgs } from "node:util";
import { type Receiver, ReceiverError, readReceivers } from "./receivers.ts";

export interface DemoOptions {
  /** End after the last stage instead of staying up until Ctrl-C. */
  readonly once: boolean;
  /** File that gets what was shown, without colours and with what differs from run to run written out of it. */
  readonly transcript: string | undefined;
  /** Program that is run with Node as the operator. The demo's own test puts one here that writes nothing. */
  readonly operator: string;
  /** How long one condition may take to come true, in milliseconds. */
  readonly patienceMs: number;
  /** Where the digest is sent at the end; usually nowhere. */
  readonly receivers: readonly Receiver[];
}

export const usage = `usage: node tools/demo/demo.ts [--once] [--transcript FILE] [--patience SECONDS] [--operator FILE]

  --once               end after the last stage (also: ONCE=1 in the environment)
  --transcript FILE    write what was shown to FILE, as plain text that is the same in every run
  --patience SECONDS   how long one expectation may take to come true (default 120)
  --operator FILE      program to run as the operator (also: PAWL_DEMO_OPERATOR; default src/bin/pawl.ts)

SLACK_WEBHOOK=https://… in the environment posts the digest at the end to that incoming webhook;
SMTP='smtp://user:password@mail.example.com:587/?from=pawl@example.com&to=team@example.com' mails it.
`;

/** The command line cannot be understood; the message says why. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Reads command line and environment. Throws {@link UsageError}. */
export function readOptions(args: readonly string[], env: Readonly<Record<string, string | undefined>>): DemoOptions {
  const values = parse(args);
  const patience = Number(values.patience ?? "120");
  if (!Number.isFinite(patience) || patience <= 0)
    throw new UsageError(`--patience must be a number of seconds above 0, not ${JSON.stringify(values.patience)}`);
  return {
    once: values.once ?? isOn(env.ONCE),
    transcript: values.transcript,
    operator: values.operator ?? (env.PAWL_DEMO_OPERATOR || "src/bin/pawl.ts"),
    patienceMs: patience * 1000,
    receivers: receiversIn(env),
  };
}

function receiversIn(env: Readonly<Record<string, string | undefined>>): readonly Receiver[] {
  try {
    return readReceivers(env);
  } catch (error) {
    if (error instanceof ReceiverError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        once: { type: "boolean" },
        transcript: { type: "string" },
        patience: { type: "string" },
        operator: { type: "string" },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function isOn(value: string | undefined): boolean {
  return value !== undefined && !["", "0", "false", "no"].includes(value.toLowerCase());
}
