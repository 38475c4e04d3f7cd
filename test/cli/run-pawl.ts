import type { CliCommand } from "../../src/cli/command.ts";
import { type OperatorCommandOptions, operatorCommand } from "../../src/cli/commands/operator.ts";
import { versionCommand } from "../../src/cli/commands/version.ts";
import { runProgram } from "../../src/cli/program.ts";

export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the real program with streams that remember. */
export async function runPawl(
  args: readonly string[],
  operator: Partial<OperatorCommandOptions> = {},
  more: readonly CliCommand[] = [],
): Promise<Outcome> {
  let stdout = "";
  let stderr = "";
  const exitCode = await runProgram(args, {
    version: "1.2.3",
    commands: [
      versionCommand({ version: "1.2.3" }),
      operatorCommand({
        env: {},
        fallbackIdentity: "host-1a2b",
        signal: new AbortController().signal,
        runOperator: () => Promise.resolve(),
        ...operator,
      }),
      ...more,
    ],
    streams: {
      columns: 120,
      stdout: {
        write: (text) => {
          stdout += text;
        },
      },
      stderr: {
        write: (text) => {
          stderr += text;
        },
      },
    },
  });
  return { exitCode, stdout, stderr };
}
