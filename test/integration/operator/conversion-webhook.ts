import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { createAuthority } from "../../../tools/control-plane/certificates.ts";
import type { Bench } from "./bench.ts";
import { type CustomKind, definition } from "./custom-kinds.ts";

interface ConversionReview {
  readonly request: {
    readonly uid: string;
    readonly desiredAPIVersion: string;
    readonly objects: readonly object[];
  };
}

/**
 * A conversion webhook that answers when the test says so: until then nothing of the kind can be read in the version
 * that the API server prefers. It changes nothing but the apiVersion.
 */
export class ConversionWebhook {
  readonly #opened = Promise.withResolvers<void>();
  readonly #asked = Promise.withResolvers<void>();
  readonly #server: ReturnType<typeof createServer>;
  readonly #authority: string;

  private constructor(server: ReturnType<typeof createServer>, authority: string) {
    this.#server = server;
    this.#authority = authority;
  }

  static async start(): Promise<ConversionWebhook> {
    const authority = await createAuthority();
    const { certificate: cert, key } = await authority.issueServer({ commonName: "conversion webhook" });
    const server = createServer({ cert, key });
    const webhook = new ConversionWebhook(server, authority.certificate);
    server.on("request", async (request, response) => {
      const { request: asked } = (await json(request)) as ConversionReview;
      webhook.#asked.resolve();
      await webhook.#opened.promise;
      const convertedObjects = asked.objects.map((object) => ({ ...object, apiVersion: asked.desiredAPIVersion }));
      response.setHeader("content-type", "application/json").end(
        JSON.stringify({
          apiVersion: "apiextensions.k8s.io/v1",
          kind: "ConversionReview",
          response: { uid: asked.uid, convertedObjects, result: { status: "Success" } },
        }),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return webhook;
  }

  /** Resolves when somebody waits for its answer. */
  get asked(): Promise<void> {
    return this.#asked.promise;
  }

  /** From now on it answers, also those that wait. */
  open(): void {
    this.#opened.resolve();
  }

  async stop(): Promise<void> {
    this.open();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** What is stored as v1 is preferred as v2 from now on, through this webhook. */
  async convert(bench: Bench, kind: CustomKind): Promise<void> {
    const { port } = this.#server.address() as AddressInfo;
    const { spec, ...rest } = definition(kind);
    const [version] = spec.versions;
    await bench.apply({
      ...rest,
      spec: {
        ...spec,
        versions: [version, { ...version, name: "v2", storage: false }],
        conversion: {
          strategy: "Webhook",
          webhook: {
            conversionReviewVersions: ["v1"],
            clientConfig: {
              url: `https://127.0.0.1:${port}/convert`,
              caBundle: Buffer.from(this.#authority).toString("base64"),
            },
          },
        },
      },
    });
  }
}
