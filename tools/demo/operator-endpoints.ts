import { parseMetrics, type Sample } from "./metrics.ts";

/** What the operator serves over HTTP on the loopback address, beside the Kubernetes API. */
export class OperatorEndpoints {
  readonly #addresses: { readonly metrics: string; readonly health: string };

  /** @param addresses host and port of each: `127.0.0.1:8080` */
  constructor(addresses: { readonly metrics: string; readonly health: string }) {
    this.#addresses = addresses;
  }

  get metricsUrl(): string {
    return `http://${this.#addresses.metrics}/metrics`;
  }

  /** HTTP status of `/readyz`. */
  async readiness(signal: AbortSignal): Promise<number> {
    const answer = await fetch(`http://${this.#addresses.health}/readyz`, { signal });
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
