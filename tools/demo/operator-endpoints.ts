import { parseMetrics, type Sample } from "./metrics.ts";

/** What the operator serves over HTTP on the loopback address, beside the Kubernetes API. */
export class OperatorEndpoints {
  readonly #address: string;

  /** @param address host and port: `127.0.0.1:8080` */
  constructor(address: string) {
    this.#address = address;
  }

  get metricsUrl(): string {
    return `http://${this.#address}/metrics`;
  }

  /** HTTP status of `/readyz`. */
  async readiness(signal: AbortSignal): Promise<number> {
    const answer = await fetch(`http://${this.#address}/readyz`, { signal });
    await answer.body?.cancel();
    return answer.status;
  }

  /** Throws for every status but 2xx. */
  async metrics(signal: AbortSignal): Promise<readonly Sample[]> {
    const answer = await fetch(this.metricsUrl, { signal });
    if (!answer.ok) throw new Error(`${this.metricsUrl} answers ${answer.status}`);
    return parseMetrics(await answer.text());
  }
}
