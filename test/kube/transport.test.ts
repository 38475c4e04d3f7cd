import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Credentials } from "../../src/kube/credentials.ts";
import {
  ConnectionError,
  ForbiddenError,
  NotFoundError,
  RequestTimeoutError,
  UnauthorizedError,
} from "../../src/kube/errors.ts";
import type { HttpTransport } from "../../src/kube/transport.ts";
import { FakeApiServer, refuse, reply, WIDGET } from "./fake-api-server.ts";
import { clientOver, staticCredentials, transportTo } from "./fake-cluster.ts";
import { ManualClock } from "./manual-clock.ts";

const KEY = { namespace: "shop", name: "anchor" };
const TLS = { ca: null, cert: null, key: null, serverName: null, skipVerify: false };

let server: FakeApiServer;
let transport: HttpTransport | null = null;

beforeEach(async () => {
  server = await FakeApiServer.start();
});

afterEach(async () => {
  await transport?.close();
  await server.close();
});

/** Credentials whose token is what `file` says at the moment; what was read is kept until `reload`. */
class TokenFile {
  file = "first";
  #read = this.file;
  reloads = 0;

  source = {
    load: async () => this.#credentials(),
    reload: async () => {
      this.reloads += 1;
      this.#read = this.file;
      return this.#credentials();
    },
  };

  #credentials(): Credentials {
    return { headers: { authorization: `Bearer ${this.#read}` }, tls: TLS };
  }
}

function accept(token: () => string): void {
  server.faults.push(({ headers }, response) =>
    headers.authorization === `Bearer ${token()}`
      ? reply(response, 200, { metadata: { name: "anchor" } })
      : refuse(response, 401, "Unauthorized"),
  );
}

describe("credentials", () => {
  it("are read anew when the server refuses them, once for all requests at a time", async () => {
    const token = new TokenFile();
    transport = transportTo(server.url, { credentials: token.source });
    const client = clientOver(transport);
    accept(() => "second");
    token.file = "second";
    await Promise.all([1, 2, 3, 4, 5].map(() => client.get(WIDGET, KEY)));
    expect(token.reloads).toBe(1);
  });

  it("that stay wrong are an UnauthorizedError, and are not read anew each time", async () => {
    const token = new TokenFile();
    transport = transportTo(server.url, { credentials: token.source });
    const client = clientOver(transport);
    accept(() => "unknown");
    for (let i = 0; i < 3; i++) await expect(client.get(WIDGET, KEY)).rejects.toThrow(UnauthorizedError);
    expect(token.reloads).toBe(1);
  });

  it("are looked at once a minute even if the server is content", async () => {
    const clock = new ManualClock();
    let loads = 0;
    const source = {
      ...staticCredentials(),
      load: async () => ({ headers: { authorization: `Bearer ${++loads}` }, tls: TLS }),
    };
    transport = transportTo(server.url, { credentials: source }, clock);
    const client = clientOver(transport);
    accept(() => String(loads));
    await client.get(WIDGET, KEY);
    await clock.turn(59_000);
    await client.get(WIDGET, KEY);
    await clock.turn(1_000);
    await client.get(WIDGET, KEY);
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(["Bearer 1", "Bearer 1", "Bearer 2"]);
  });

  it("that could not be read fail that request, and are read again for the next", async () => {
    let readable = false;
    const source = {
      ...staticCredentials(),
      load: async () => {
        if (!readable) throw new Error("no such file");
        return { headers: { authorization: "Bearer x" }, tls: TLS };
      },
    };
    transport = transportTo(server.url, { credentials: source });
    const client = clientOver(transport);
    accept(() => "x");
    await expect(client.get(WIDGET, KEY)).rejects.toThrow("no such file");
    readable = true;
    await expect(client.get(WIDGET, KEY)).resolves.toMatchObject({ metadata: { name: "anchor" } });
  });
});

describe("a request", () => {
  it("says who asks", async () => {
    transport = transportTo(server.url);
    server.faults.push((_, response) => reply(response, 200, {}));
    await clientOver(transport).get(WIDGET, KEY);
    expect(server.requests[0]?.headers["user-agent"]).toBe("pawl/test");
  });

  it("that nobody answers is a RequestTimeoutError", async () => {
    const clock = new ManualClock();
    transport = transportTo(server.url);
    const asked = Promise.withResolvers<void>();
    server.faults.push(() => {
      asked.resolve();
      return true;
    });
    const answer = expect(clientOver(transport, clock).get(WIDGET, KEY)).rejects.toThrow(RequestTimeoutError);
    await asked.promise;
    await clock.turn(65_000);
    await answer;
  });

  it("whose answer drips is a RequestTimeoutError too", async () => {
    const clock = new ManualClock();
    transport = transportTo(server.url);
    const dripping = Promise.withResolvers<void>();
    server.faults.push((_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.write("{", () => dripping.resolve());
      return true;
    });
    const answer = expect(clientOver(transport, clock).get(WIDGET, KEY)).rejects.toThrow(RequestTimeoutError);
    await dripping.promise;
    await clock.turn(65_000);
    await answer;
  });

  it("to a server that is not there is a ConnectionError", async () => {
    const gone = await FakeApiServer.start();
    const { url } = gone;
    await gone.close();
    transport = transportTo(url);
    await expect(clientOver(transport).get(WIDGET, KEY)).rejects.toThrow(ConnectionError);
  });

  it("rejects with the reason of its caller when that has changed its mind", async () => {
    transport = transportTo(server.url);
    const stop = new AbortController();
    server.faults.push(() => {
      stop.abort(new Error("never mind"));
      return true;
    });
    await expect(clientOver(transport).get(WIDGET, KEY, { signal: stop.signal })).rejects.toThrow("never mind");
  });

  it("that a proxy refuses in plain text is judged by its status code", async () => {
    transport = transportTo(server.url);
    server.faults.push((_, response) => {
      response.writeHead(403, { "content-type": "text/plain" }).end("no way");
      return true;
    });
    await expect(clientOver(transport).get(WIDGET, KEY)).rejects.toThrow(ForbiddenError);
  });

  it("names method, path, reason and message in its error", async () => {
    transport = transportTo(server.url);
    server.faults.push((_, response) => refuse(response, 404, "NotFound", 'widgets "anchor" not found'));
    const error = await clientOver(transport)
      .get(WIDGET, KEY)
      .catch((error: unknown) => error);
    expect(error).toBeInstanceOf(NotFoundError);
    expect((error as Error).message).toBe(
      'GET /apis/fake.example/v1/namespaces/shop/widgets/anchor: 404 NotFound: widgets "anchor" not found',
    );
  });

  it("ends when the transport is closed", async () => {
    const closing = transportTo(server.url);
    server.faults.push(() => {
      void closing.close();
      return true;
    });
    await expect(clientOver(closing).get(WIDGET, KEY)).rejects.toThrow(ConnectionError);
  });
});

describe("the path of the server's address", () => {
  it("is kept before the path of the request", async () => {
    transport = transportTo(`${server.url}/k8s/clusters/c-1`);
    server.faults.push((_, response) => reply(response, 200, {}));
    await clientOver(transport).get(WIDGET, KEY);
    expect(server.requests[0]?.path).toBe("/k8s/clusters/c-1/apis/fake.example/v1/namespaces/shop/widgets/anchor");
  });
});

describe("a proxy", () => {
  it("of a kind that is not supported is refused by name", async () => {
    transport = transportTo("https://127.0.0.1:1", { proxyUrl: "socks5://proxy:1080" });
    await expect(clientOver(transport).get(WIDGET, KEY)).rejects.toThrow("socks5://proxy:1080");
  });

  it("is asked for a tunnel, and its refusal is a ConnectionError", async () => {
    const proxy = createServer();
    const targets: (string | undefined)[] = [];
    proxy.on("connect", (request, socket) => {
      targets.push(request.url, request.headers["proxy-authorization"]);
      socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    const { port } = proxy.address() as AddressInfo;
    transport = transportTo("https://cluster.example:6443", { proxyUrl: `http://me:secret@127.0.0.1:${port}` });
    await expect(clientOver(transport).get(WIDGET, KEY)).rejects.toThrow(ConnectionError);
    expect(targets).toEqual(["cluster.example:6443", `Basic ${Buffer.from("me:secret").toString("base64")}`]);
    await new Promise((resolve) => proxy.close(resolve));
  });
});
