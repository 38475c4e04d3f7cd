import { copyFileSync, existsSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Supervision } from "../control-plane/supervision.ts";

/** The operator ended although nobody stopped it. */
export class OperatorEndedError extends Error {
  override readonly name = "OperatorEndedError";
}

/** SIGTERM lets the operator finish what it is writing; what takes longer than this is killed. */
const stopWithinMs = 10_000;

/** Characters. Errors are logged with their stacks, which belong in the kept file. */
const longestLine = 320;

/**
 * A temporary folder and, in a session of its own, the operator. Both go when this is disposed, and also when the demo is
 * killed: a supervising process sees to that.
 */
export class Workplace implements AsyncDisposable {
  readonly #supervision: Supervision;
  readonly #ended: AbortController;

  private constructor(supervision: Supervision, ended: AbortController) {
    this.#supervision = supervision;
    this.#ended = ended;
  }

  static async open(): Promise<Workplace> {
    const ended = new AbortController();
    const supervision = await Supervision.launch({}, ({ code, signal }) => {
      ended.abort(new OperatorEndedError(`the operator ended by itself: ${signal ?? `status ${code}`}`));
    });
    return new Workplace(supervision, ended);
  }

  get folder(): string {
    return this.#supervision.dir;
  }

  /** stdout and stderr of the operator. */
  get operatorLog(): string {
    return join(this.folder, "operator.log");
  }

  /** Aborted with an {@link OperatorEndedError} when the operator ends, stopped or not. */
  get operatorEnded(): AbortSignal {
    return this.#ended.signal;
  }

  /** Runs `node program args…` as the operator. */
  async startOperator(program: string, args: readonly string[]): Promise<void> {
    await this.#supervision.start("operator", process.execPath, [program, ...args], this.operatorLog);
  }

  async stopOperator(): Promise<void> {
    await this.#supervision.stop("operator", stopWithinMs);
  }

  /** The last lines of the operator's log, each cut to a readable length; undefined if it was never started. */
  logTail(lines: number): string | undefined {
    if (!existsSync(this.operatorLog)) return undefined;
    const cut = (line: string) => (line.length > longestLine ? `${line.slice(0, longestLine)}…` : line);
    return readFileSync(this.operatorLog, "utf8").trimEnd().split("\n").slice(-lines).map(cut).join("\n");
  }

  /** Copies the operator's log to where it outlives this workplace, and returns the path. */
  keepLog(): string {
    const kept = join(tmpdir(), `pawl-demo-operator-${process.pid}.log`);
    copyFileSync(this.operatorLog, kept);
    return kept;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#supervision.end(0);
  }
}
