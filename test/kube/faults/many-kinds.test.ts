import { expect, it } from "vitest";
import { KubeClient } from "../../../src/kube/client.ts";
import { silentLogger } from "../../../src/kube/logger.ts";
import { Reflector } from "../../../src/kube/reflector.ts";
import { SyncSlots } from "../../../src/kube/sync-slots.ts";
import { createMetrics } from "../../../src/telemetry/metrics.ts";
import { createAuthority } from "../../../tools/control-plane/certificates.ts";
import { FakeApiServer, WIDGET } from "../fake-api-server.ts";
import { RecordingConsumer, stateOf, staticCredentials, transportTo } from "../fake-cluster.ts";
import { eventually, reflectorMetrics, samplesOf } from "./fault.ts";
import { hurriedClock } from "./hurried-clock.ts";
import { shownBy } from "./shown-by.ts";

const KINDS = 150;

it('connections that 150 kinds share are two, and when they are cut two again, shown by pawl_watch_restarts_total{reason="error"}', async () => {
  const authority = await createAuthority();
  const { certificate: cert, key } = await authority.issueServer({ commonName: "fake" });
  await using server = await FakeApiServer.start({ tls: { cert, key } });
  for (const name of ["anchor", "bollard", "capstan"]) server.put(name);
  const clock = hurriedClock();
  const metrics = createMetrics({ version: "test", cluster: "test" });
  const tls = { ca: authority.certificate, cert: null, key: null, serverName: null, skipVerify: false };
  const transport = transportTo(server.url, { credentials: staticCredentials({ headers: {}, tls }) }, clock);
  const client = new KubeClient({ transport, clock, random: Math.random, rateLimit: { qps: 1_000, burst: 1_000 } });
  const slots = new SyncSlots();
  const stop = new AbortController();
  const kinds = Array.from({ length: KINDS }, (_, i) => {
    const consumer = new RecordingConsumer();
    const type = { ...WIDGET, kind: `Widget${i}` };
    const options = { client, type, consumer, slots, clock, random: Math.random, logger: silentLogger };
    const reflector = new Reflector({ ...options, metrics: reflectorMetrics(metrics, clock) });
    return { consumer, reflector, running: reflector.run(stop.signal) };
  });
  const converged = (): Promise<void> =>
    eventually(() => {
      for (const { consumer, reflector } of kinds) {
        expect(reflector.status.stale).toBeNull();
        expect(consumer.state).toEqual(stateOf(server.objects));
      }
    });
  await converged();
  expect(server.connections).toBe(2);
  const [requests, struckAt] = [server.requests.length, clock.monotonic()];

  server.cutConnections();
  server.put("davit");
  server.remove("bollard");
  await eventually(() => expect(kinds.every(({ consumer }) => consumer.stales.length > 0)).toBe(true));
  await converged();

  expect(server.connections).toBe(2);
  expect(server.requests.length - requests).toBeLessThanOrEqual(3 * KINDS);
  expect((clock.monotonic() - struckAt) / 1000).toBeLessThanOrEqual(120);
  const shown = await samplesOf(metrics, shownBy(expect.getState().currentTestName ?? ""));
  expect(new Set(shown.map(({ labels }) => labels.kind)).size).toBe(KINDS);

  stop.abort(new Error("the test is over"));
  await Promise.all(kinds.map(({ running }) => running));
  await transport.close();
});
