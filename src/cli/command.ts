import type { Command, OptionValues } from "commander";
import type { ExitCode } from "./exit-codes.ts";

interface TextSink {
  write(text: string): unknown;
}

/** Results go to `stdout`, everything else to `stderr`. */
export interface Streams {
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  /** Columns to wrap help at; 80 if unknown, as in a pipe. */
  readonly columns?: number;
}

export interface CliCommand {
  readonly name: string;
  /** One line, without a full stop. */
  readonly summary: string;
  /** Adds options and arguments. */
  configure?(command: Command): void;
  /** @throws UsageError if an option or a setting is wrong */
  run(options: OptionValues, streams: Streams): Promise<ExitCode>;
}
