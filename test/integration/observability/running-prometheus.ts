import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { dump } from "js-yaml";
import { freePort } from "../../../tools/control-plane/ports.ts";
import { Supervision } from "../../../tools/control-plane/supervision.ts";
import { findPrometheus } from "../../../tools/debian/prometheus.ts";
import { waitFor } from "../cluster.ts";

/** One series of an instant query. */
export interface Result {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [time: number, value: string];
}

/** One series of a query over a range. */
export interface RangeResult {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [time: number, value: string])[];
}

export interface FiringAlert {
  readonly state: "pending" | "firing";
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

interface Answer<T> {
  readonly status: "success" | "error";
  readonly data: T;
  readonly error?: string;
}

export interface PrometheusStart {
  /** `127.0.0.1:8080`. */
  readonly targets: readonly string[];
  /** As in a rules file. */
  readonly rules: readonly object[];
}

/** A real Prometheus that scrapes and evaluates once a second. */
export class RunningPrometheus {
  readonly #supervision: Supervision;
  readonly #address: string;

  private constructor(supervision: Supervision, address: string) {
    this.#supervision = supervision;
    this.#address = address;
  }

  static async start({ targets, rules }: PrometheusStart): Promise<RunningPrometheus> {
    const command = findPrometheus(process.env, (line) => console.error(line));
    const supervision = await Supervision.launch({}, () => undefined);
    const { dir } = supervision;
    writeFileSync(join(dir, "rules.yaml"), dump({ groups: [{ name: "pawl", rules }] }));
    writeFileSync(
      join(dir, "prometheus.yaml"),
      dump({
        global: { scrape_interval: "1s", scrape_timeout: "1s", evaluation_interval: "1s" },
        rule_files: ["rules.yaml"],
        scrape_configs: [{ job_name: "pawl", static_configs: [{ targets }] }],
      }),
    );
    const address = `127.0.0.1:${await freePort()}`;
    await supervision.start(
      "prometheus",
      command,
      [
        `--config.file=${join(dir, "prometheus.yaml")}`,
        `--storage.tsdb.path=${join(dir, "data")}`,
        `--web.listen-address=${address}`,
      ],
      join(dir, "prometheus.log"),
    );
    const running = new RunningPrometheus(supervision, address);
    await waitFor(() => running.#ask("/-/ready"), { describe: "Prometheus to be ready" });
    return running;
  }

  async dispose(): Promise<void> {
    await this.#supervision.end(0);
  }

  /** An instant query; throws what Prometheus says of a query that it does not understand. */
  async query(expr: string): Promise<readonly Result[]> {
    const { result } = await this.#data<{ readonly result: readonly Result[] }>(
      `/api/v1/query?query=${encodeURIComponent(expr)}`,
    );
    return result;
  }

  /** The same over the seconds from `start` to `end`, one value a second. */
  async queryRange(expr: string, start: number, end: number): Promise<readonly RangeResult[]> {
    const { result } = await this.#data<{ readonly result: readonly RangeResult[] }>(
      `/api/v1/query_range?query=${encodeURIComponent(expr)}&start=${start}&end=${end}&step=1s`,
    );
    return result;
  }

  async alerts(): Promise<readonly FiringAlert[]> {
    const { alerts } = await this.#data<{ readonly alerts: readonly FiringAlert[] }>("/api/v1/alerts");
    return alerts;
  }

  async #data<T>(path: string): Promise<T> {
    const answer = (await (await this.#ask(path)).json()) as Answer<T>;
    if (answer.status !== "success") throw new Error(answer.error);
    return answer.data;
  }

  async #ask(path: string): Promise<Response> {
    const answer = await fetch(`http://${this.#address}${path}`, { signal: AbortSignal.timeout(5_000) });
    // What is wrong with a query stands in the body of a 400.
    if (!answer.ok && answer.status !== 400) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  }
}
