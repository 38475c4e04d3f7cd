import { readFileSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Agent, createServer, request as httpsRequest, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { dump, load } from "js-yaml";
import { createAuthority } from "../../tools/control-plane/certificates.ts";
import type { ControlPlane } from "../../tools/control-plane/index.ts";

/** One request on its way from an operator to the API server. */
export interface Passing {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** Of a write; empty for reads. */
  readonly body: string;
}

/** One line of a watch that tells of an object. */
export interface PassingEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly path: string;
}

/** What goes wrong on the way. Without any the proxy passes everything on as it is. */
export interface Interference {
  /** Asked before a request goes on; a request that is lost never reaches the API server, and is never answered. */
  readonly before?: (request: Passing) => "pass" | "lose" | Promise<"pass" | "lose">;
  /** Told when the API server has answered, before the operator is. */
  readonly after?: (request: Passing, status: number) => void | Promise<void>;
  /** Whether the operator hears of this change. */
  readonly hears?: (event: PassingEvent) => boolean;
}

/** PEM. */
interface ServerTls {
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

/**
 * Stands between one operator and the real API server, and can lose or hold back what passes. It fakes nothing: what it passes on is what
 * was sent. The operator speaks HTTP/1.1 with it.
 */
export class ApiProxy implements AsyncDisposable {
  /** What the audit log shows behind the user agent of all that pass through here. */
  readonly client: string;
  readonly #plane: ControlPlane;
  readonly #server: Server;
  readonly #authority: string;
  readonly #agent: Agent;
  interference: Interference = {};

  private constructor(plane: ControlPlane, client: string, tls: ServerTls) {
    this.#plane = plane;
    this.client = client;
    this.#authority = tls.authority;
    this.#agent = new Agent({ keepAlive: true, ca: plane.admin.authority });
    this.#server = createServer({ cert: tls.certificate, key: tls.key }, (request, response) => {
      // Whoever is at the other end has gone, or the API server has: the operator has to bear that.
      this.#pass(request, response).catch(() => response.destroy());
    });
  }

  static async start(plane: ControlPlane, client: string): Promise<ApiProxy> {
    const authority = await createAuthority();
    const { certificate, key } = await authority.issueServer({ commonName: client });
    const proxy = new ApiProxy(plane, client, { authority: authority.certificate, certificate, key });
    await new Promise<void>((resolve) => proxy.#server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  /** Writes a kubeconfig like the given one, but to the proxy; returns its path. */
  kubeconfig(like: string): string {
    const { port } = this.#server.address() as AddressInfo;
    const config = load(readFileSync(like, "utf8")) as { readonly clusters: readonly { readonly name: string }[] };
    const cluster = {
      server: `https://127.0.0.1:${port}`,
      "certificate-authority-data": Buffer.from(this.#authority).toString("base64"),
    };
    const path = join(this.#plane.dir, `kubeconfig-${this.client}`);
    const text = dump(
      { ...config, clusters: config.clusters.map(({ name }) => ({ name, cluster })) },
      { lineWidth: -1 },
    );
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#agent.destroy();
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "GET", url = "/" } = request;
    const body = await buffer(request);
    const passing: Passing = { method, path: url, body: body.toString("utf8") };
    if ((await this.interference.before?.(passing)) === "lose") {
      response.destroy();
      return;
    }
    const answer = await this.#ask(request, body, response);
    const isWatch = new URL(url, this.#plane.server).searchParams.has("watch");
    const status = answer.statusCode ?? 502;
    await this.interference.after?.(passing, status);
    response.writeHead(status, answer.headers);
    response.flushHeaders();
    if (isWatch && status === 200) await pipeline(answer, (lines) => this.#heard(lines, url), response);
    else await pipeline(answer, response);
  }

  /** A request that was held back goes on even if the operator is not there any more. */
  #ask(request: IncomingMessage, body: Buffer, response: ServerResponse): Promise<IncomingMessage> {
    const { host: _, connection: __, "transfer-encoding": ___, ...headers } = request.headers;
    return new Promise((resolve, reject) => {
      const asked = httpsRequest(`${this.#plane.server}${request.url ?? "/"}`, {
        agent: this.#agent,
        method: request.method,
        headers: {
          ...headers,
          "user-agent": `${headers["user-agent"] ?? ""} (${this.client})`,
          // Lines of a watch are looked at as they come.
          "accept-encoding": "identity",
          "content-length": body.length,
        },
      });
      asked.once("response", (answer) => {
        response.once("close", () => answer.destroy());
        resolve(answer);
      });
      asked.once("error", reject);
      asked.end(body);
    });
  }

  async *#heard(chunks: AsyncIterable<Buffer>, path: string): AsyncGenerator<Buffer, void, undefined> {
    let rest = Buffer.alloc(0);
    for await (const chunk of chunks) {
      rest = Buffer.concat([rest, chunk]);
      for (let end = rest.indexOf("\n"); end >= 0; end = rest.indexOf("\n")) {
        const line = rest.subarray(0, end + 1);
        rest = rest.subarray(end + 1);
        if (this.#hears(line, path)) yield line;
      }
    }
    yield rest;
  }

  #hears(line: Buffer, path: string): boolean {
    const { hears } = this.interference;
    // The type comes first on the line; objects are long.
    const type = /^\{"type":"(ADDED|MODIFIED|DELETED)"/.exec(line.subarray(0, 32).toString("utf8"))?.[1];
    return hears === undefined || type === undefined || hears({ type: type as PassingEvent["type"], path });
  }
}
