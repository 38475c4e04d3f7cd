import { Agent, type ClientRequest, request } from "node:http";
import { setImmediate } from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  type HealthOptions,
  type HealthServer,
  type ReadinessCheck,
  startHealthServer,
} from "../../src/telemetry/health.ts";
import { createLogger } from "../../src/telemetry/logger.ts";
import { createMetrics } from "../../src/telemetry/metrics.ts";
import { parseExposition } from "./parse-exposition.ts";

const loopback = { host: "127.0.0.1", port: 0 };
const open: AsyncDisposable[] = [];

afterEach(async () => {
  while (open.length > 0) await open.pop()?.[Symbol.asyncDispose]();
});

interface Running extends HealthServer {
  readonly log: string[];
  url(path: string): string;
}

async function start(options: Partial<HealthOptions> = {}): Promise<Running> {
  const log: string[] = [];
  const server = await startHealthServer({
    healthAddress: loopback,
    metricsAddress: loopback,
    checks: new Map(),
    metrics: createMetrics({ version: "1.2.3", cluster: "blue" }),
    logger: createLogger({ level: "debug", destination: { write: (line) => log.push(line) } }),
    ...options,
  });
  let closed: Promise<void> | undefined;
  const close = () => (closed ??= server.close());
  open.push({ [Symbol.asyncDispose]: close });
  const url = (path: string) =>
    `http://127.0.0.1:${path === "/metrics" ? server.metricsPort : server.healthPort}${path}`;
  return { ...server, close, log, url };
}

function checks(named: Readonly<Record<string, ReadinessCheck>>): Partial<HealthOptions> {
  return { checks: new Map(Object.entries(named)) };
}

async function get(
  url: string,
  init?: RequestInit,
): Promise<{ status: number; type: string | null; body: string; headers: Headers }> {
  const response = await fetch(url, init);
  return {
    status: response.status,
    type: response.headers.get("content-type"),
    body: await response.text(),
    headers: response.headers,
  };
}

describe("/healthz", () => {
  it("answers 200 as long as the process answers, ready or not", async () => {
    const server = await start(checks({ policies: () => false }));
    expect(await get(server.url("/healthz"))).toMatchObject({ status: 200, body: "ok\n" });
    expect(await get(server.url("/healthz?verbose"))).toMatchObject({ status: 200 });
  });
});

describe("/readyz", () => {
  it("answers 200 if all checks pass", async () => {
    const server = await start(checks({ policies: () => true, "api-server": async () => true }));
    expect(await get(server.url("/readyz"))).toMatchObject({
      status: 200,
      type: "application/json; charset=utf-8",
      body: '{"ready":true}\n',
    });
  });

  it("answers 503 with the names of those that fail, sorted, whether they say no, throw or reject", async () => {
    const server = await start(
      checks({
        says: async () => false,
        passes: () => true,
        rejects: () => Promise.reject(new Error("no route to host")),
        throws: () => {
          throw new Error("not synced");
        },
      }),
    );
    expect(await get(server.url("/readyz"))).toMatchObject({
      status: 503,
      body: '{"ready":false,"failing":["rejects","says","throws"]}\n',
    });
    const logged = server.log.map((line) => JSON.parse(line));
    expect(logged.map(({ level, check, error }) => `${level} ${check}: ${error.message}`).toSorted()).toEqual([
      "warn rejects: no route to host",
      "warn throws: not synced",
    ]);
  });

  it("counts a check that does not end in time as failing", async () => {
    const server = await start({ ...checks({ "api-server": () => new Promise(() => undefined) }), checkTimeoutMs: 20 });
    expect(await get(server.url("/readyz"))).toMatchObject({
      status: 503,
      body: '{"ready":false,"failing":["api-server"]}\n',
    });
  });

  it("asks anew each time", async () => {
    let synced = false;
    const server = await start(checks({ policies: () => synced }));
    expect((await get(server.url("/readyz"))).status).toBe(503);
    synced = true;
    expect((await get(server.url("/readyz"))).status).toBe(200);
  });
});

describe("/metrics", () => {
  it("answers with all metrics in the format that its content type names", async () => {
    const metrics = createMetrics({ version: "1.2.3", cluster: "blue" });
    metrics.setLeader(true);
    metrics.violationSeries.set("production", "shop", [{ severity: "High", state: "New", count: 2 }]);
    const server = await start({ metrics });
    const { status, type, body } = await get(server.url("/metrics"));
    expect([status, type]).toEqual([200, "text/plain; version=0.0.4; charset=utf-8"]);
    expect(parseExposition(body)).toContainEqual({
      name: "pawl_violations",
      labels: { policy: "production", namespace: "shop", severity: "high", state: "new" },
      value: 2,
    });
  });

  it("cuts the connection off, and logs, if the metrics break off: half of them must not pass for all", async () => {
    const metrics = {
      contentType: "text/plain",
      async *exposition() {
        yield "# HELP a b\n";
        throw new Error("collector broke");
      },
    };
    const server = await start({ metrics });
    await expect(get(server.url("/metrics"))).rejects.toThrow();
    expect(server.log.map((line) => JSON.parse(line))).toMatchObject([
      { level: "error", path: "/metrics", error: { message: "collector broke" } },
    ]);
  });

  it("takes a client that leaves for what it is", async () => {
    const metrics = {
      contentType: "text/plain",
      async *exposition() {
        for (;;) {
          yield "# HELP a b\n";
          await setImmediate();
        }
      },
    };
    const server = await start({ metrics });
    await new Promise<void>((resolve) => {
      const client: ClientRequest = request(server.url("/metrics"), (response) => {
        response.once("data", () => client.destroy());
        response.once("close", resolve);
        response.once("error", () => undefined);
      });
      client.end();
    });
    await vi.waitFor(() => expect(server.log).toHaveLength(1));
    expect(JSON.parse(server.log.join())).toMatchObject({ level: "debug", path: "/metrics" });
  });
});

describe("the health server", () => {
  it("answers 404 on any other path, and names those there are", async () => {
    const server = await start();
    expect(await get(server.url("/"))).toMatchObject({
      status: 404,
      body: "Nothing is served here; there is /healthz, /readyz\n",
    });
    expect(await get(`http://127.0.0.1:${server.metricsPort}/healthz`)).toMatchObject({ status: 404 });
  });

  it.each(["POST", "PUT", "DELETE", "HEAD"])("answers 405 to %s", async (method) => {
    const server = await start();
    const { status, headers } = await get(server.url("/healthz"), { method });
    expect([status, headers.get("allow")]).toEqual([405, "GET"]);
  });

  it("serves everything on one port if both addresses are the same", async () => {
    const free = await start();
    const address = { host: "127.0.0.1", port: free.healthPort };
    await free.close();
    const server = await start({ healthAddress: address, metricsAddress: { ...address } });
    expect(server.metricsPort).toBe(server.healthPort);
    for (const path of ["/healthz", "/readyz", "/metrics"]) expect((await get(server.url(path))).status).toBe(200);
  });

  it("rejects an address that is taken, and then listens nowhere", async () => {
    const taken = await start();
    const free = await start();
    await free.close();
    await expect(
      start({
        healthAddress: { ...loopback, port: free.healthPort },
        metricsAddress: { ...loopback, port: taken.healthPort },
      }),
    ).rejects.toMatchObject({
      code: "EADDRINUSE",
    });
    await expect(fetch(free.url("/healthz"))).rejects.toThrow();
  });

  it("lets a request in flight end when it closes, and takes no other", async () => {
    const asked = Promise.withResolvers<void>();
    const go = Promise.withResolvers<boolean>();
    const check = () => {
      asked.resolve();
      return go.promise;
    };
    const server = await start({ ...checks({ slow: check }), checkTimeoutMs: 30_000, graceMs: 30_000 });
    const inFlight = get(server.url("/readyz"));
    await asked.promise;
    const closed = server.close();
    await expect(fetch(server.url("/healthz"))).rejects.toThrow();
    go.resolve(true);
    expect(await inFlight).toMatchObject({ status: 200 });
    await closed;
  });

  it("does not wait for connections that are kept alive, idle or just answered", async () => {
    const agent = new Agent({ keepAlive: true });
    const asked = Promise.withResolvers<void>();
    const go = Promise.withResolvers<boolean>();
    const check = () => {
      asked.resolve();
      return go.promise;
    };
    const server = await start({ ...checks({ slow: check }), checkTimeoutMs: 30_000, graceMs: 30_000 });
    const ask = (path: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        request(server.url(path), { agent }, (response) =>
          response.resume().once("end", () => resolve(response.statusCode)),
        )
          .once("error", reject)
          .end();
      });
    expect(await ask("/healthz")).toBe(200);
    const inFlight = ask("/readyz");
    await asked.promise;
    const before = performance.now();
    const closed = server.close();
    go.resolve(true);
    expect(await inFlight).toBe(200);
    await closed;
    expect(performance.now() - before).toBeLessThan(4000);
    agent.destroy();
  });

  it("cuts off what does not end in its grace", async () => {
    const asked = Promise.withResolvers<void>();
    const check = () => {
      asked.resolve();
      return new Promise<boolean>(() => undefined);
    };
    const server = await start({ ...checks({ hangs: check }), checkTimeoutMs: 600_000, graceMs: 20 });
    const inFlight = get(server.url("/readyz")).catch(() => "cut off");
    await asked.promise;
    await server.close();
    expect(await inFlight).toBe("cut off");
  });
});
