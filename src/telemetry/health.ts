import { pipeline } from "node:stream/promises";
import { type HttpServer, type ListenAddress, type Route, sendText, startHttpServer } from "./http-server.ts";
import type { Logger } from "./logger.ts";
import type { Metrics } from "./metrics.ts";

/** Whether one thing that readiness rests on is so. What throws, or takes too long, is not. */
export type ReadinessCheck = () => boolean | Promise<boolean>;

export interface HealthOptions {
  /** For `/healthz` and `/readyz`. */
  readonly healthAddress: ListenAddress;
  /** For `/metrics`. May be the same as `healthAddress`: then one server answers all. */
  readonly metricsAddress: ListenAddress;
  /** By the name that `/readyz` gives when the check fails. */
  readonly checks: ReadonlyMap<string, ReadinessCheck>;
  readonly metrics: Pick<Metrics, "contentType" | "exposition">;
  readonly logger: Logger;
  /** How long one check may take; 900 ms if left out, as a kubelet gives a probe 1 s by default. */
  readonly checkTimeoutMs?: number;
  /** How long `close` waits for requests in flight; 5 s if left out. */
  readonly graceMs?: number;
}

export interface HealthServer {
  readonly healthPort: number;
  readonly metricsPort: number;
  /** Ends when the last connection is closed. */
  close(): Promise<void>;
}

const defaultCheckTimeoutMs = 900;

/**
 * Serves `/healthz` (200 as long as the process answers), `/readyz` (200, or 503 with the failing checks as
 * `{"ready":false,"failing":["api-server"]}`) and `/metrics`.
 * @throws the error of the listening socket; nothing listens then
 */
export async function startHealthServer(options: HealthOptions): Promise<HealthServer> {
  const { healthAddress, metricsAddress, logger } = options;
  const grace = options.graceMs === undefined ? {} : { graceMs: options.graceMs };
  const health = new Map<string, Route>([
    ["/healthz", async (response) => sendText(response, 200, "ok\n")],
    ["/readyz", readyz(options)],
  ]);
  const metrics = new Map<string, Route>([["/metrics", metricsRoute(options.metrics)]]);

  if (sameAddress(healthAddress, metricsAddress)) {
    const routes = new Map([...health, ...metrics]);
    const server = await startHttpServer({ address: healthAddress, routes, logger, ...grace });
    return { healthPort: server.port, metricsPort: server.port, close: () => server.close() };
  }
  const healthServer = await startHttpServer({ address: healthAddress, routes: health, logger, ...grace });
  const metricsServer = await startOrClose(healthServer, () =>
    startHttpServer({ address: metricsAddress, routes: metrics, logger, ...grace }),
  );
  return {
    healthPort: healthServer.port,
    metricsPort: metricsServer.port,
    close: async () => {
      await Promise.all([healthServer.close(), metricsServer.close()]);
    },
  };
}

async function startOrClose(first: HttpServer, start: () => Promise<HttpServer>): Promise<HttpServer> {
  try {
    return await start();
  } catch (error) {
    await first.close();
    throw error;
  }
}

/** Port 0 asks for a free port each time, so two of them are not the same. */
function sameAddress(one: ListenAddress, two: ListenAddress): boolean {
  return one.host === two.host && one.port === two.port && one.port !== 0;
}

function readyz({ checks, logger, checkTimeoutMs = defaultCheckTimeoutMs }: HealthOptions): Route {
  return async (response) => {
    const passed = await Promise.all(
      [...checks].map(async ([name, check]) => ({ name, passed: await passes(name, check, checkTimeoutMs, logger) })),
    );
    const failing = passed.filter((result) => !result.passed).map(({ name }) => name);
    const ready = failing.length === 0;
    const body = ready ? { ready } : { ready, failing: failing.toSorted() };
    sendText(response, ready ? 200 : 503, `${JSON.stringify(body)}\n`, "application/json");
  };
}

async function passes(name: string, check: ReadinessCheck, timeoutMs: number, logger: Logger): Promise<boolean> {
  const timeout = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => timeout.resolve(false), timeoutMs);
  try {
    return await Promise.race([check(), timeout.promise]);
  } catch (error) {
    logger.warn({ check: name, error }, "A readiness check failed");
    return false;
  } finally {
    clearTimeout(timer);
  }
}

function metricsRoute(metrics: HealthOptions["metrics"]): Route {
  return async (response) => {
    const pieces = metrics.exposition();
    response.writeHead(200, { "Content-Type": metrics.contentType, "Cache-Control": "no-store" });
    await pipeline(pieces, response);
  };
}
