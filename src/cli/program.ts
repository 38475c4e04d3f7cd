import { Command, CommanderError } from "commander";
import type { CliCommand, Streams } from "./command.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { failureText, oneLine } from "./failure-text.ts";
import { UsageError } from "./usage-error.ts";

export interface ProgramOptions {
  readonly commands: readonly CliCommand[];
  readonly version: string;
  readonly streams: Streams;
}

/**
 * Runs one command line.
 * @param args without the names of the runtime and the script
 * @returns the code to exit with; what went wrong has been told on stderr, in one line and without a stack
 */
export async function runProgram(args: readonly string[], options: ProgramOptions): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.clean;
  // The command that is being read or run: errors name it and point to its help.
  let current = "pawl";
  const program = prepare(new Command("pawl"))
    .description("Lets the posture of a cluster move in one direction only")
    .version(`pawl ${options.version}`, "-V, --version", "Print the version")
    .helpCommand("help [command]", "Print the help of a command");
  for (const command of options.commands) {
    const path = `pawl ${command.name}`;
    const built = prepare(new Command(command.name))
      .summary(command.summary)
      .description(command.summary)
      .exitOverride((error) => {
        current = path;
        throw error;
      })
      .action(async () => {
        current = path;
        exitCode = await command.run(built.opts(), options.streams);
      });
    command.configure?.(built);
    program.addCommand(built);
  }

  try {
    await program.parseAsync(asFlags(args, options.commands), { from: "user" });
    return exitCode;
  } catch (error) {
    return explain(error, current, options.streams);
  }

  function prepare(command: Command): Command {
    const { stdout, stderr, columns = 80 } = options.streams;
    return command
      .exitOverride()
      .helpOption("-h, --help", "Print this help")
      .configureOutput({
        writeOut: (text) => stdout.write(text),
        writeErr: (text) => stderr.write(text),
        // Errors are told in one place, `explain`, whoever finds them.
        outputError: () => undefined,
        getOutHelpWidth: () => columns,
        getErrHelpWidth: () => columns,
        getOutHasColors: () => false,
        getErrHasColors: () => false,
      });
  }
}

/**
 * Says with flags what `pawl` and `pawl help …` ask for: Commander prints its whole help as an error for the one, and also
 * where the other names a command that there is not.
 */
function asFlags(args: readonly string[], commands: readonly CliCommand[]): readonly string[] {
  const [first = "help", name] = args;
  if (first !== "help") return args;
  if (name === undefined) return ["--help"];
  return commands.some((command) => command.name === name) ? [name, "--help"] : [name];
}

function explain(error: unknown, command: string, { stderr }: Streams): ExitCode {
  // Help and version end this way too.
  if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.clean;
  if (error instanceof CommanderError || error instanceof UsageError) {
    stderr.write(`${command}: ${usageText(error)}; run '${command} --help' for help\n`);
    return exitCodes.usage;
  }
  stderr.write(`${command}: ${failureText(error)}\n`);
  return exitCodes.incomplete;
}

/** Commander begins with `error: ` and puts its suggestion on a line of its own. */
function usageText(error: CommanderError | UsageError): string {
  return oneLine(error.message)
    .replace(/^error: /, "")
    .replace(/\.$/, "")
    .replace("(Did you mean", "(did you mean");
}
