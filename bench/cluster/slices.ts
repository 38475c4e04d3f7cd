import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { until } from "./until.ts";

/** How long an operator with the probe of `slice-probe.ts` kept its event loop to itself. */
export class Slices implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), "pawl-bench-"));
  readonly #file = join(this.#folder, "slices");
  #read = 0;

  /** For Node. */
  get flag(): string {
    const probe = pathToFileURL(join(import.meta.dirname, "slice-probe.ts"));
    probe.searchParams.set("out", this.#file);
    return `--import=${probe.href}`;
  }

  /** Milliseconds of CPU time of the longest slice since the last call. */
  async longest(pid: number): Promise<number> {
    process.kill(pid, "SIGUSR2");
    await until("the probe of the operator", async () => this.#lines().length > this.#read);
    const longest = Number(this.#lines()[this.#read]);
    this.#read += 1;
    return longest;
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #lines(): readonly string[] {
    return existsSync(this.#file) ? readFileSync(this.#file, "utf8").split("\n").slice(0, -1) : [];
  }
}
