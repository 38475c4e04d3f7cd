import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..", "..");

/** The demo as a process of its own, with a temporary folder of its own, so that what it leaves behind can be seen. */
export class RunningDemo implements AsyncDisposable {
  readonly #child: ReturnType<typeof spawn>;
  readonly #folder: string;
  readonly #ended: Promise<number | null>;
  #output = "";

  /** @param env what stands in its environment besides ours */
  constructor(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.#folder = mkdtempSync(join(tmpdir(), "pawl-demo-test-"));
    this.#child = spawn(process.execPath, ["tools/demo/demo.ts", ...args], {
      cwd: root,
      env: { ...process.env, ...env, TMPDIR: this.#folder },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.#output += text;
      });
    this.#ended = once(this.#child, "close").then(([code]) => code as number | null);
  }

  /** stdout and stderr so far. */
  get output(): string {
    return this.#output;
  }

  /** Resolves with the exit status. */
  async ended(): Promise<number | null> {
    return await this.#ended;
  }

  interrupt(): void {
    this.#child.kill("SIGINT");
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  /** Names of files that it has made and not removed. */
  leftFiles(): readonly string[] {
    return readdirSync(this.#folder).sort();
  }

  /** Command lines of processes that still work in its folder. */
  async leftProcesses(): Promise<readonly string[]> {
    const ps = spawn("ps", ["-A", "-ww", "-o", "args="], { stdio: ["ignore", "pipe", "ignore"] });
    let all = "";
    ps.stdout.setEncoding("utf8").on("data", (text: string) => {
      all += text;
    });
    await once(ps, "close");
    return all.split("\n").filter((line) => line.includes(this.#folder));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.kill();
    await this.#ended;
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 500 });
  }
}
