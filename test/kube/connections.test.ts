import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../src/kube/clock.ts";
import { loadClusterConfig } from "../../src/kube/config.ts";
import { ConnectionError } from "../../src/kube/errors.ts";
import { silentLogger } from "../../src/kube/logger.ts";
import { HttpTransport } from "../../src/kube/transport.ts";
import type { WatchStream } from "../../src/kube/watch-stream.ts";
import { type Authority, createAuthority, type KeyPair } from "../../tools/control-plane/certificates.ts";
import { FakeApiServer, type ServerTls, WIDGET } from "./fake-api-server.ts";
import { clientOver, eventually } from "./fake-cluster.ts";

let dir: string;
let authority: Authority;
let serverPair: KeyPair;
let transport: HttpTransport | null = null;
let server: FakeApiServer | null = null;

/** The system's clock, moved ahead so that credentials count as old. */
let minutesAhead = 0;
const clock = { ...systemClock, monotonic: () => performance.now() + minutesAhead * 60_000 };

beforeAll(async () => {
  authority = await createAuthority();
  serverPair = await authority.issueServer({ commonName: "fake" });
});

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "pawl-kube-"));
  minutesAhead = 0;
});

afterEach(async () => {
  await transport?.close();
  await server?.close();
  rmSync(dir, { recursive: true });
});

function serverTls(pair: KeyPair, ca: Authority = authority): ServerTls {
  return { cert: pair.certificate, key: pair.key, ca: ca.certificate, requestCert: true, rejectUnauthorized: false };
}

function writeUser(pair: KeyPair): void {
  writeFileSync(join(dir, "client.crt"), pair.certificate);
  writeFileSync(join(dir, "client.key"), pair.key);
}

async function connect(url: string): Promise<HttpTransport> {
  writeFileSync(join(dir, "ca.crt"), authority.certificate);
  writeUser(await authority.issueClient({ commonName: "first" }));
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "fake", cluster: { server: url, "certificate-authority": "ca.crt" } }],
    users: [{ name: "me", user: { "client-certificate": "client.crt", "client-key": "client.key" } }],
    contexts: [{ name: "fake", context: { cluster: "fake", user: "me", namespace: "shop" } }],
    "current-context": "fake",
  };
  writeFileSync(join(dir, "config"), JSON.stringify(config));
  return new HttpTransport({
    config: await loadClusterConfig({ kubeconfig: join(dir, "config") }),
    userAgent: "pawl/test",
    clock,
    logger: silentLogger,
  });
}

function watch(over: HttpTransport, signal: AbortSignal): Promise<WatchStream> {
  return clientOver(over).watch(WIDGET, {
    start: { initialEvents: true },
    timeoutSeconds: 300,
    silenceMs: 60_000,
    signal,
  });
}

describe("watches", () => {
  it("share as few connections as the API server's limit of streams allows", async () => {
    server = await FakeApiServer.start({ tls: serverTls(serverPair) });
    transport = await connect(server.url);
    const stop = new AbortController();
    const over = transport;
    const streams = await Promise.all(Array.from({ length: 150 }, () => watch(over, stop.signal)));
    server.put("anchor");
    const events = await Promise.all(streams.map(async (stream) => [await stream.next(), await stream.next()]));
    expect(events.every(([first, second]) => first?.type === "initial-end" && second?.type === "upsert")).toBe(true);
    expect(server.connections).toBe(2);
    for (const stream of streams) stream.close();
    await eventually(() => expect(server?.connections).toBe(1));
  });

  it("have a connection each where the server speaks HTTP/1.1 only", async () => {
    server = await FakeApiServer.start({ tls: serverTls(serverPair), http1Only: true });
    transport = await connect(server.url);
    const stop = new AbortController();
    const over = transport;
    const streams = await Promise.all(Array.from({ length: 20 }, () => watch(over, stop.signal)));
    server.put("anchor");
    const events = await Promise.all(streams.map(async (stream) => [await stream.next(), await stream.next()]));
    expect(events.every(([, second]) => second?.type === "upsert")).toBe(true);
    for (const stream of streams) stream.close();
  });

  it("that nobody reads do not stop others of the same connection", async () => {
    server = await FakeApiServer.start({ tls: serverTls(serverPair) });
    for (let i = 0; i < 40; i++) server.put(`widget-${i}`, { padding: "x".repeat(50_000) });
    transport = await connect(server.url);
    const stop = new AbortController();
    const over = transport;
    const unread = await Promise.all(Array.from({ length: 20 }, () => watch(over, stop.signal)));
    const reading = await watch(over, stop.signal);
    for (let i = 0; i < 40; i++) expect((await reading.next())?.type).toBe("upsert");
    expect(server.connections).toBe(1);
    for (const stream of [...unread, reading]) stream.close();
  });

  it("fail together when the server is gone, and not one after the other", async () => {
    server = await FakeApiServer.start({ tls: serverTls(serverPair) });
    transport = await connect(server.url);
    await server.close();
    server = null;
    const stop = new AbortController();
    const over = transport;
    const results = await Promise.allSettled(Array.from({ length: 100 }, () => watch(over, stop.signal)));
    expect(results.every((result) => result.status === "rejected" && result.reason instanceof ConnectionError)).toBe(
      true,
    );
  });
});

describe("certificates", () => {
  it("of the client are shown anew within a minute of their renewal, while running watches go on", async () => {
    server = await FakeApiServer.start({ tls: serverTls(serverPair) });
    transport = await connect(server.url);
    const stop = new AbortController();
    const old = await watch(transport, stop.signal);
    expect((await old.next())?.type).toBe("initial-end");
    writeUser(await authority.issueClient({ commonName: "second" }));
    minutesAhead = 1;
    const fresh = await watch(transport, stop.signal);
    expect(server.clients).toEqual(["first", "second"]);
    server.put("anchor");
    expect((await old.next())?.type).toBe("upsert");
    old.close();
    await eventually(() => expect(server?.connections).toBe(1));
    fresh.close();
  });

  it("of a stranger are not trusted", async () => {
    const stranger = await createAuthority();
    server = await FakeApiServer.start({
      tls: serverTls(await stranger.issueServer({ commonName: "fake" }), stranger),
    });
    transport = await connect(server.url);
    await expect(clientOver(transport).get(WIDGET, { namespace: "shop", name: "anchor" })).rejects.toThrow(
      ConnectionError,
    );
    expect(server.requests).toEqual([]);
  });
});
