import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { startOfProgram } from "./operator-process.ts";

/** What one pass took. */
export interface FloorPass {
  readonly objects: number;
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
}

/** Reads, parses and drops the same kinds as the operator, in a process of its own: see `floor.ts`. */
export class FloorProcess implements Disposable {
  readonly #child: ChildProcess;
  readonly #ended: Promise<never>;

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#ended = once(child, "exit").then(([code]) => {
      throw new Error(`the floor ended with ${String(code)}`);
    });
    // It also ends when it is told to; only an end before an answer is a failure.
    this.#ended.catch(() => undefined);
  }

  static async start(kubeconfig: string, kinds: readonly string[]): Promise<FloorProcess> {
    // The same nursery; how far the old space may grow matters only to who keeps something.
    const execArgv = startOfProgram().flags.filter((flag) => flag.startsWith("--max-semi-space-size="));
    const child = fork(join(import.meta.dirname, "floor.ts"), [kubeconfig, ...kinds], { execArgv });
    const floor = new FloorProcess(child);
    await floor.#answer();
    return floor;
  }

  async pass(): Promise<FloorPass> {
    this.#child.send("pass");
    return (await this.#answer()) as FloorPass;
  }

  [Symbol.dispose](): void {
    this.#child.kill();
  }

  async #answer(): Promise<unknown> {
    const [message] = await Promise.race([once(this.#child, "message"), this.#ended]);
    return message;
  }
}
