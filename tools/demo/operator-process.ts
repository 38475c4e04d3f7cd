import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";

/** The operator ended although nobody stopped it. */
export class OperatorEndedError extends Error {
  override readonly name = "OperatorEndedError";
}

export interface OperatorSettings {
  /** Program for Node: `src/bin/pawl.ts`. */
  readonly program: string;
  readonly args: readonly string[];
  /** Gets stdout and stderr. */
  readonly logFile: string;
  readonly env: Readonly<Record<string, string>>;
}

/** SIGTERM is answered by finishing what is being written; what takes longer than this is killed. */
const stopWithinMs = 10_000;

/** The operator as a child process of the demo. Disposing stops it. */
export class OperatorProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #logFile: string;
  readonly #ended = new AbortController();
  readonly #exit: Promise<void>;
  #stopping = false;

  constructor({ program, args, logFile, env }: OperatorSettings) {
    this.#logFile = logFile;
    const log = openSync(logFile, "a");
    // A session of its own: Ctrl-C reaches the demo alone, which then stops its parts in order.
    this.#child = spawn(process.execPath, [program, ...args], { env, stdio: ["ignore", log, log], detached: true });
    closeSync(log);
    this.#exit = new Promise((resolve) => {
      const end = (how: string) => {
        if (!this.#stopping) this.#ended.abort(new OperatorEndedError(`the operator ended by itself: ${how}`));
        resolve();
      };
      this.#child.once("error", (error) => end(error.message));
      this.#child.once("exit", (code, signal) => end(signal ?? `status ${code}`));
    });
  }

  /** Aborted with an {@link OperatorEndedError} when the operator ends without having been stopped. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  /** The last lines of its log. */
  logTail(lines: number): string {
    return readFileSync(this.#logFile, "utf8").trimEnd().split("\n").slice(-lines).join("\n");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping = true;
    this.#child.kill("SIGTERM");
    const patience = setTimeout(() => this.#child.kill("SIGKILL"), stopWithinMs);
    await this.#exit;
    clearTimeout(patience);
  }
}
