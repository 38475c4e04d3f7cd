import { expect, test } from "vitest";
import { exitCodes } from "../../../src/cli/exit-codes.ts";
import { metricTable } from "../../../src/telemetry/metric-table.ts";
import { select } from "../../../tools/demo/metrics.ts";
import { waitFor } from "../cluster.ts";
import { untilHeldBy } from "../lease.ts";
import { useBench } from "./bench.ts";
import { Judged } from "./judged.ts";
import { deployment, only, policy } from "./objects.ts";
import type { RunningOperator } from "./running-operator.ts";

// Each test goes on where the one before left off: the standby of the one is the leader of the next.
const bench = useBench({ operator: false, audit: true });

const noLimit = "memory-limit containers[name=app].resources.limits.memory";
const leaseTable = Object.values(metricTable).filter((definition) => "leaderOnly" in definition);

let leader: RunningOperator;
let standby: RunningOperator;
let namespace: string;
let judged: Judged;

test("one of two replicas leads; the other follows Policies and the Lease only, and tells no state", async () => {
  leader = await bench.startOperator();
  await leader.leads();
  namespace = await bench.namespace("led");
  judged = new Judged(bench, namespace);
  await bench.apply(deployment({ name: "web", namespace }));
  await bench.apply(
    policy(namespace, {
      match: { namespaces: { include: [namespace] } },
      rules: only("memory-limit"),
      scan: { schedule: "@yearly" },
    }),
  );
  await judged.untilScanned();
  await judged.untilNews([expect.stringContaining("BaselineTaken"), expect.stringContaining("PolicyReady")]);
  const before = bench.audited().length;

  standby = await bench.startOperator();
  await standby.ready();
  const renewals = () =>
    bench
      .audited()
      .slice(before)
      .filter(({ verb }) => verb === "update").length;
  await waitFor(() => renewals() >= 2, { describe: "two renewals of the Lease beside the standby" });

  const asked = bench.audited().slice(before);
  const resources = asked.map(({ verb, objectRef }) => `${verb} ${objectRef?.resource ?? "no resource"}`);
  expect([...new Set(resources)].sort()).toEqual(["get leases", "get no resource", "update leases", "watch policies"]);
  expect(await standby.metric("pawl_leader")).toBe(0);
  const [ofLeader, ofStandby] = [await leader.metrics(), await standby.metrics()];
  for (const { name } of leaseTable) {
    expect(select(ofLeader, name), `${name} of the leader`).not.toEqual([]);
    expect(select(ofStandby, name), `${name} of the standby`).toEqual([]);
  }
});

test("after a SIGTERM the Lease is released and the standby leads within 2 seconds, and goes on where it was", async () => {
  const events = await allEvents();
  const startedAt = performance.now();

  const [ending] = await Promise.all([leader.stop(), untilHeldBy(bench, standby)]);

  expect(performance.now() - startedAt).toBeLessThan(2_000);
  expect(ending).toEqual({ code: 0, signal: null });
  expect(leader.log().map(({ msg }) => msg)).toContain("lease released");
  await standby.leads();
  await judged.scan();
  expect(await judged.rows(namespace)).toEqual([`Deployment.apps/web ${noLimit} Known`]);
  expect(await allEvents()).toEqual(events);
  leader = standby;
});

test("after a kill -9 the standby leads within 20 seconds, and no Event is sent twice", async () => {
  standby = await bench.startOperator();
  await standby.ready();
  await bench.apply(deployment({ name: "worse", namespace }));
  await judged.untilEvents(namespace, [expect.stringContaining("Deployment/worse New: memory-limit at ")]);
  const [report, events] = [await judged.report(namespace), await allEvents()];
  const startedAt = performance.now();

  await leader.kill();
  await untilHeldBy(bench, standby);

  expect(performance.now() - startedAt).toBeLessThan(20_000);
  await standby.leads();
  await judged.scan();
  expect(await judged.report(namespace)).toEqual(report);
  expect(await allEvents()).toEqual(events);
  const created = bench
    .audited()
    .filter(({ verb, objectRef }) => verb === "create" && objectRef?.resource === "events");
  const sent = created.filter(({ responseStatus }) => responseStatus?.code === 201);
  expect(sent.length).toBe(events.length);
  leader = standby;
});

test("a leader that was frozen for longer than its Lease writes nothing any more, and ends", async () => {
  standby = await bench.startOperator();
  await standby.ready();
  const frozen = leader;

  await frozen.signal("SIGSTOP");
  await untilHeldBy(bench, standby);
  await standby.leads();
  await bench.apply(deployment({ name: "worst", namespace }));
  await judged.untilEvents(namespace, [
    expect.stringContaining("Deployment/worse New: memory-limit at "),
    expect.stringContaining("Deployment/worst New: memory-limit at "),
  ]);
  const [report, events] = [await judged.report(namespace), await allEvents()];
  await frozen.signal("SIGCONT");

  expect(await frozen.ended).toEqual({ code: exitCodes.incomplete, signal: null });
  await judged.scan();
  expect(await judged.report(namespace)).toEqual(report);
  expect(await allEvents()).toEqual(events);
  expect(await standby.metric("pawl_leader")).toBe(1);
});

/** Names and versions of all Events that Pawl has sent about the namespace or its Policy; sorted. */
async function allEvents(): Promise<readonly string[]> {
  const lists = await Promise.all(
    [namespace, "default"].map((within) =>
      bench.request<{ readonly items: readonly StoredEvent[] }>(
        "GET",
        `/apis/events.k8s.io/v1/namespaces/${within}/events`,
      ),
    ),
  );
  return lists
    .flatMap(({ items }) => items)
    .filter(({ reportingController }) => reportingController === "pawl.dev/operator")
    .map(({ metadata: { name, resourceVersion } }) => `${name} ${resourceVersion}`)
    .sort();
}

interface StoredEvent {
  readonly metadata: { readonly name: string; readonly resourceVersion: string };
  readonly reportingController?: string;
}
