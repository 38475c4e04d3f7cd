#!/usr/bin/env -S MALLOC_ARENA_MAX=1 MALLOC_MMAP_THRESHOLD_=131072 node --max-semi-space-size=4 --heap-growing-percent=25
// How the operator stays small: docs/operations.md, "How memory is kept small", says why each of these is there.
import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import manifest from "../../package.json" with { type: "json" };
import { operatorCommand } from "../cli/commands/operator.ts";
import { reportCommand } from "../cli/commands/report.ts";
import { uninstallCommand } from "../cli/commands/uninstall.ts";
import { versionCommand } from "../cli/commands/version.ts";
import { runProgram } from "../cli/program.ts";
import { KubeClient } from "../kube/client.ts";
import { systemClock } from "../kube/clock.ts";
import { loadClusterConfig } from "../kube/config.ts";
import type { Leadership } from "../kube/leader.ts";
import { HttpTransport } from "../kube/transport.ts";
import { runNotifier } from "../notify/notifier.ts";
import { allSinks } from "../notify/sinks/index.ts";
import { usualDeadlineMs } from "../notify/sinks/sink-io.ts";
import { runOperator } from "../operator/operator.ts";
import { rules } from "../rules/index.generated.ts";
import type { Settings } from "../settings/read-settings.ts";
import { createLogger } from "../telemetry/logger.ts";
import { createMetrics } from "../telemetry/metrics.ts";
import { makeReports } from "./report.ts";
import { uninstall } from "./uninstall.ts";

const { version } = manifest;
const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stopping.abort());

process.exitCode = await runProgram(process.argv.slice(2), {
  version,
  streams: process,
  commands: [
    operatorCommand({
      env: process.env,
      fallbackIdentity: `${hostname()}-${randomUUID().slice(0, 8)}`,
      signal: stopping.signal,
      runOperator: operate,
    }),
    reportCommand({
      env: process.env,
      now: () => systemClock.now(),
      signal: stopping.signal,
      makeReports: (query, signal) => makeReports(version, query, signal),
      writeFile: (path, text) => writeFile(path, text),
    }),
    uninstallCommand({
      env: process.env,
      signal: stopping.signal,
      uninstall: (query, each, signal) => uninstall(version, query, each, signal),
    }),
    versionCommand({ version }),
  ],
});

async function operate(settings: Settings, signal: AbortSignal): Promise<void> {
  const logger = createLogger({ level: settings.logLevel });
  const { kubeconfig } = settings;
  const config = await loadClusterConfig({ env: process.env, ...(kubeconfig === undefined ? {} : { kubeconfig }) });
  const transport = new HttpTransport({ config, userAgent: `pawl/${version}`, clock: systemClock, logger });
  const rateLimit = { qps: settings.clientQps, burst: settings.clientBurst };
  const client = new KubeClient({ transport, clock: systemClock, random: Math.random, rateLimit });
  const metrics = createMetrics({ version, cluster: settings.clusterName, seriesCap: settings.seriesCap });
  const { ownerKeys, argocdInstanceLabel } = settings;
  const ownership = { ownerKeys, argocdInstanceLabel };
  const shared = { client, clock: systemClock, random: Math.random, logger, metrics };
  const alongside = (leadership: Leadership) =>
    runNotifier({ ...settings, ...shared, ...notifying(settings), leadership });
  try {
    await runOperator({ ...settings, ...shared, ownership, rules, alongside }, signal);
  } finally {
    await transport.close();
  }
}

/** What messages are made of and how they leave. */
function notifying({ slackApiUrl, httpsProxy, httpProxy, allProxy, noProxy }: Settings) {
  const proxies = {
    ...(httpsProxy === undefined ? {} : { https: httpsProxy }),
    ...(httpProxy === undefined ? {} : { http: httpProxy }),
    ...(allProxy === undefined ? {} : { all: allProxy }),
    ...(noProxy === undefined ? {} : { except: noProxy }),
  };
  return {
    sinks: allSinks({ slack: { apiUrl: slackApiUrl } }),
    io: { clock: systemClock, network: { proxies, deadlineMs: usualDeadlineMs } },
    catalogue: new Map(rules.map(({ id, title, severity }) => [id, { title, severity }])),
  };
}
