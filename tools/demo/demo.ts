/** `make demo`: one command that shows Pawl at work on a real Kubernetes API. */
import { readOptions, UsageError, usage } from "./options.ts";
import { InterruptedError, runDemo } from "./run.ts";
import { Screen } from "./screen.ts";

function optionsOrExit() {
  try {
    return readOptions(process.argv.slice(2), process.env);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n\n${usage}`);
    return process.exit(2);
  }
}

const options = optionsOrExit();
const interruption = new AbortController();
// Again and again: a second Ctrl-C must not leave half of it behind.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.on(signal, () => interruption.abort(new InterruptedError(signal)));

const status = await runDemo(options, new Screen(process.stdout), interruption.signal);
// Not only the status: after Ctrl-C during a build, the build may still run.
process.exit(status);
