import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";
import { freePort } from "../../../tools/control-plane/ports.ts";
import type { PartExit, Supervision } from "../../../tools/control-plane/supervision.ts";
import { parseMetrics, type Sample, total } from "../../../tools/demo/metrics.ts";
import { waitFor } from "../cluster.ts";

/** SIGTERM lets the operator finish what it is writing; what takes longer than this is killed. */
const stopWithinMs = 15_000;

/** Characters of a log line that are shown. */
const longestLine = 2_000;

/** How an operator ended. */
export type Ending = Pick<PartExit, "code" | "signal">;

/** One entry of an operator's log. */
export interface LogEntry {
  readonly level: string;
  readonly msg: string;
  readonly error?: { readonly message: string };
  readonly [field: string]: unknown;
}

export interface OperatorStart {
  /** Unique among the processes of the supervision. */
  readonly name: string;
  readonly supervision: Supervision;
  /** The operator's own, never the administrator's. */
  readonly kubeconfig: string;
  /** The file that Node runs; default: today's sources, bundled. */
  readonly program?: string;
  /** Appended to the command line: `--series-cap=16`. */
  readonly flags?: readonly string[];
  /** Beside the environment of the tests. */
  readonly env?: Readonly<Record<string, string>>;
}

/** `pawl operator` as a process of its own. */
export class RunningOperator {
  readonly name: string;
  readonly pid: number;
  /** stdout and stderr. */
  readonly logFile: string;
  readonly #supervision: Supervision;
  readonly #addresses: { readonly metrics: string; readonly health: string };
  readonly #ended = Promise.withResolvers<Ending>();
  #ending: Ending | undefined;

  private constructor(
    { name, supervision }: OperatorStart,
    pid: number,
    logFile: string,
    addresses: { readonly metrics: string; readonly health: string },
  ) {
    this.name = name;
    this.pid = pid;
    this.logFile = logFile;
    this.#supervision = supervision;
    this.#addresses = addresses;
  }

  /** Resolves when the process runs, which is long before it is ready. */
  static async start(options: OperatorStart): Promise<RunningOperator> {
    const { name, supervision, kubeconfig, program = inject("program"), flags = [], env = {} } = options;
    const addresses = { metrics: `127.0.0.1:${await freePort()}`, health: `127.0.0.1:${await freePort()}` };
    const logFile = join(supervision.dir, `${name}.log`);
    const args = [
      ...Object.entries(env).map(([variable, value]) => `${variable}=${value}`),
      process.execPath,
      program,
      "operator",
      `--kubeconfig=${kubeconfig}`,
      "--namespace=pawl-system",
      `--identity=${name}`,
      `--metrics-address=${addresses.metrics}`,
      `--health-address=${addresses.health}`,
      ...flags,
    ];
    const pid = await supervision.start(name, "/usr/bin/env", args, logFile);
    return new RunningOperator(options, pid, logFile, addresses);
  }

  /** Where it serves `/metrics`: `127.0.0.1:8080`. */
  get metricsAddress(): string {
    return this.#addresses.metrics;
  }

  /** Resolves when the process is gone. */
  get ended(): Promise<Ending> {
    return this.#ended.promise;
  }

  get isRunning(): boolean {
    return this.#ending === undefined;
  }

  /** Told by the bench. */
  sawEnd({ code, signal }: Ending): void {
    this.#ending = { code, signal };
    this.#ended.resolve(this.#ending);
  }

  /** SIGTERM, and waits. */
  async stop(): Promise<Ending> {
    if (this.isRunning) await this.#supervision.stop(this.name, stopWithinMs);
    return await this.ended;
  }

  /** kill -9, and waits. */
  async kill(): Promise<Ending> {
    if (this.isRunning) await this.signal("SIGKILL");
    return await this.ended;
  }

  async signal(signal: NodeJS.Signals): Promise<void> {
    await this.#supervision.signal(this.name, signal);
  }

  /** HTTP status of `/healthz` or `/readyz`. */
  async health(check: "healthz" | "readyz"): Promise<number> {
    const answer = await fetch(`http://${this.#addresses.health}/${check}`, { signal: AbortSignal.timeout(5_000) });
    await answer.body?.cancel();
    return answer.status;
  }

  async metrics(): Promise<readonly Sample[]> {
    const answer = await fetch(`http://${this.#addresses.metrics}/metrics`, { signal: AbortSignal.timeout(5_000) });
    if (!answer.ok) throw new Error(`/metrics answers ${answer.status}`);
    return parseMetrics(await answer.text());
  }

  /** Sum of all samples of that name whose labels include the given ones; 0 where there is none. */
  async metric(name: `pawl_${string}`, labels: Readonly<Record<string, string>> = {}): Promise<number> {
    return total(await this.metrics(), name, labels);
  }

  async ready(): Promise<void> {
    await this.#until(async () => (await this.health("readyz")) === 200, "to be ready");
  }

  async leads(): Promise<void> {
    await this.#until(async () => (await this.metric("pawl_leader")) === 1, "to lead");
  }

  log(): readonly LogEntry[] {
    return this.#lines()
      .filter((line) => line.startsWith("{") && line.endsWith("}"))
      .map((line) => JSON.parse(line) as LogEntry);
  }

  /** The last lines as they stand there, each cut to a readable length. */
  logTail(lines = 40): string {
    const cut = (line: string) => (line.length > longestLine ? `${line.slice(0, longestLine)}…` : line);
    return this.#lines().slice(-lines).map(cut).join("\n");
  }

  #lines(): readonly string[] {
    return existsSync(this.logFile) ? readFileSync(this.logFile, "utf8").trimEnd().split("\n") : [];
  }

  async #until(holds: () => Promise<boolean>, what: string): Promise<void> {
    await waitFor(async () => !this.isRunning || (await holds()), {
      describe: `${this.name} ${what}`,
      timeoutMs: 60_000,
    });
    if (this.#ending === undefined) return;
    const { code, signal } = this.#ending;
    throw new Error(`${this.name} ended by itself: ${signal ?? `status ${code}`}\n${this.logTail()}`);
  }
}
