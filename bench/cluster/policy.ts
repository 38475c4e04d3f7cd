import type { ApiClient } from "../../tools/control-plane/index.ts";
import { until } from "./until.ts";

const collection = "/apis/pawl.dev/v1alpha1/policies";

interface PolicyObject {
  readonly status?: {
    readonly lastScanTime?: string;
    readonly lastHandledScanRequest?: string;
    readonly summary?: { readonly resources: number; readonly new: number; readonly known: number };
    readonly coverage?: { readonly percent: number };
  };
}

/** One Policy of the bench, and scans on demand. */
export class BenchPolicy {
  readonly name: string;
  readonly #client: ApiClient;
  #requests = 0;

  constructor(client: ApiClient, name: string) {
    this.#client = client;
    this.name = name;
  }

  /** Creates it; scans come on demand and, for as long as a bench may last, not by themselves. */
  async create(spec: object = { rules: { packs: ["recommended"] } }): Promise<void> {
    await this.#client.request("POST", collection, {
      apiVersion: "pawl.dev/v1alpha1",
      kind: "Policy",
      metadata: { name: this.name },
      spec: { scan: { schedule: "0 0 29 2 *" }, ...spec },
    });
  }

  async status(): Promise<NonNullable<PolicyObject["status"]>> {
    return (await this.#client.request<PolicyObject>("GET", `${collection}/${this.name}`)).status ?? {};
  }

  async untilScanned(): Promise<void> {
    await until(`the first scan of ${this.name}`, async () => (await this.status()).lastScanTime !== undefined, {
      withinMs: 300_000,
    });
  }

  /** Asks for a scan; resolves when the status says that it has ended. */
  async scan(): Promise<void> {
    const request = `bench-${++this.#requests}-${Date.now()}`;
    await this.#client.request(
      "PATCH",
      `${collection}/${this.name}`,
      { metadata: { annotations: { "pawl.dev/scan-requested-at": request } } },
      { contentType: "application/merge-patch+json" },
    );
    await until(
      `scan ${this.#requests} of ${this.name}`,
      async () => (await this.status()).lastHandledScanRequest === request,
      { withinMs: 300_000 },
    );
  }
}
