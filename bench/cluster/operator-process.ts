import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../../tools/control-plane/ports.ts";
import { Supervision } from "../../tools/control-plane/supervision.ts";
import { parseMetrics, type Sample, total } from "../../tools/demo/metrics.ts";
import { until } from "./until.ts";

/** Bundled, as the image holds it: running the sources would measure the type stripper too, and many small files. */
const program = join(import.meta.dirname, "../../dist/bundle/pawl.js");

export interface OperatorOptions {
  readonly kubeconfig: string;
  /** Of Node: `--import=…`. */
  readonly nodeFlags?: readonly string[];
}

/** How the first line of the operator has it started, when it is run as a program. */
export function startOfProgram(): { readonly environment: readonly string[]; readonly flags: readonly string[] } {
  const [line = ""] = readFileSync(program, "utf8").split("\n", 1);
  const words = line.split(/\s+/);
  return {
    environment: words.filter((word) => /^[A-Z_]+=/.test(word)),
    flags: words.filter((word) => word.startsWith("--")),
  };
}

interface LogEntry {
  readonly level: string;
  readonly msg: string;
  readonly error?: { readonly message: string };
}

/** `pawl operator` as a process of its own, under its own ServiceAccount. */
export class OperatorProcess implements AsyncDisposable {
  readonly pid: number;
  readonly #supervision: Supervision;
  readonly #metricsUrl: string;

  private constructor(pid: number, supervision: Supervision, metricsUrl: string) {
    this.pid = pid;
    this.#supervision = supervision;
    this.#metricsUrl = metricsUrl;
  }

  /** Resolves when it leads. */
  static async start({ kubeconfig, nodeFlags = [] }: OperatorOptions): Promise<OperatorProcess> {
    if (!existsSync(program)) throw new Error(`${program} is missing: run node tools/bundle.ts`);
    const supervision = await Supervision.launch({}, () => undefined);
    const metrics = `127.0.0.1:${await freePort()}`;
    const { environment, flags } = startOfProgram();
    const args = [
      ...environment,
      process.execPath,
      ...flags,
      ...nodeFlags,
      program,
      "operator",
      `--kubeconfig=${kubeconfig}`,
      "--namespace=pawl-system",
      `--metrics-address=${metrics}`,
      `--health-address=127.0.0.1:${await freePort()}`,
    ];
    const pid = await supervision.start("operator", "env", args, join(supervision.dir, "operator.log"));
    const operator = new OperatorProcess(pid, supervision, `http://${metrics}/metrics`);
    try {
      await until("an operator that leads", () => operator.#leads());
      return operator;
    } catch (error) {
      await operator[Symbol.asyncDispose]();
      throw error;
    }
  }

  async metrics(): Promise<readonly Sample[]> {
    const answer = await fetch(this.#metricsUrl);
    if (!answer.ok) throw new Error(`/metrics answers ${answer.status}`);
    return parseMetrics(await answer.text());
  }

  /** What it has logged above the level info, each message once. */
  complaints(): readonly string[] {
    const lines = readFileSync(join(this.#supervision.dir, "operator.log"), "utf8").split("\n");
    const entries = lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line) as LogEntry);
    const told = entries.filter(({ level }) => level !== "info");
    return [...new Set(told.map(({ level, msg, error }) => `${level}: ${msg}: ${error?.message ?? ""}`))];
  }

  /** SIGTERM; resolves when it is gone. */
  async stop(): Promise<void> {
    await this.#supervision.stop("operator", 15_000);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#supervision.end(0);
  }

  async #leads(): Promise<boolean> {
    try {
      return total(await this.metrics(), "pawl_leader") === 1;
    } catch (error) {
      if (error instanceof TypeError) return false;
      throw error;
    }
  }
}
