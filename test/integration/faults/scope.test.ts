import { describe, expect, test } from "vitest";
import { uniqueName } from "../cluster.ts";
import { compareWithEngine } from "../differential/compare-with-engine.ts";
import { withoutRightTo } from "../operator/access.ts";
import { useBench } from "../operator/bench.ts";
import { type CustomKind, customObject, grantScan, installKind, removeKind } from "../operator/custom-kinds.ts";
import { Judged } from "../operator/judged.ts";
import { deployment, type PolicySpecInput, policy } from "../operator/objects.ts";
import { rounds } from "./length.ts";
import { MovingMetric } from "./moving-metric.ts";
import { Ordeal } from "./ordeal.ts";

const bench = useBench();

const replicas = () => [bench.operator];

test("a right that is taken away and given back makes a hole in which nothing counts as fixed, shown by pawl_scan_coverage_ratio", {
  timeout: 240_000,
}, async ({ task }) => {
  const ordeal = await Ordeal.begin(bench, "forbidden");
  const { judged, namespace } = ordeal;
  await using moving = new MovingMetric(task.name, replicas);
  for (const _ of rounds()) {
    await ordeal.change();
    await withoutRightTo(bench, { group: "apps", resource: "deployments" }, async () => {
      await judged.scan({ timeoutMs: 90_000 });
      await judged.until(() => judged.conditions(), {
        describe: "the condition Degraded",
        until: (conditions) => conditions.includes("Degraded=True IncompleteCoverage"),
      });
      const before = await judged.counts(namespace);
      await ordeal.change();
      await judged.scan({ timeoutMs: 90_000 });
      expect(await judged.counts(namespace)).toEqual(before);
    });
    await ordeal.change();
  }
  await ordeal.holds({ timeoutMs: 60_000 });
  moving.assertMoved();
});

describe.concurrent("a scope", () => {
  test("that loses a namespace in the middle of a scan calls nothing fixed and says nothing, shown by pawl_resources", {
    timeout: 180_000,
  }, async ({ task }) => {
    const label = uniqueName("doomed");
    const stays = await bench.namespace("stays", { faults: label });
    const doomed = await bench.namespace("doomed", { faults: label });
    for (let i = 0; i < 60; i++) await bench.apply(deployment({ name: `web-${i}`, namespace: doomed }));
    await bench.apply(deployment({ name: "web", namespace: stays }));
    const judged = new Judged(bench, doomed);
    await bench.apply(
      policy(doomed, { match: { namespaceSelector: { matchLabels: { faults: label } } }, rules: memory }),
    );
    await judged.untilScanned();
    await using moving = new MovingMetric(task.name, replicas);

    await Promise.all([judged.scan({ timeoutMs: 60_000 }), bench.deleteNamespace(doomed)]);
    await judged.scan();

    expect(await judged.events(doomed)).toEqual([]);
    expect(await judged.counts(stays)).toEqual({ new: 0, known: 1, fixed: 0 });
    await judged.until(() => judged.status(), {
      describe: "a status that counts the other namespace alone",
      until: ({ summary }) => summary?.resources === 1 && summary.known === 1 && summary.fixed === 0,
    });
    expect((await judged.baseline(doomed))?.resources).toHaveLength(60);
    await compareWithEngine(bench, [judged.policy]);
    moving.assertMoved();
  });

  test("that loses a kind while it is watched calls nothing fixed and says nothing, shown by pawl_resources", {
    timeout: 180_000,
  }, async ({ task }) => {
    const kind: CustomKind = { group: `${uniqueName("faults")}.example.com`, kind: "Gadget" };
    await installKind(bench, kind);
    await grantScan(bench, kind.group);
    const namespace = await bench.namespace("undefined");
    for (let i = 0; i < 20; i++) await bench.create(customObject(kind, { namespace, name: `one-${i}` }));
    const judged = new Judged(bench, namespace);
    const spec = {
      match: { namespaces: { include: [namespace] }, kinds: [`Gadget.${kind.group}`] },
      rules: owned,
    };
    await bench.apply(policy(namespace, spec));
    await judged.untilScanned();
    expect(await judged.rows(namespace)).toHaveLength(20);
    await using moving = new MovingMetric(task.name, replicas);

    await Promise.all([removeKind(bench, kind), judged.scan({ timeoutMs: 60_000 })]);

    await judged.untilRows(namespace, []);
    await judged.scan();
    expect(await judged.counts(namespace)).toEqual({ new: 0, known: 0, fixed: 0 });
    expect(await judged.events(namespace)).toEqual([]);
    expect(await judged.conditions()).toEqual(["Ready=True InForce"]);
    await compareWithEngine(bench, [judged.policy]);
    moving.assertMoved();
  });
});

const memory: NonNullable<PolicySpecInput["rules"]> = {
  packs: ["deprecation"],
  override: [{ id: "memory-limit", severity: "High" }],
};

const owned: NonNullable<PolicySpecInput["rules"]> = {
  packs: ["deprecation"],
  override: [{ id: "required-labels", params: { labels: ["owner"], kinds: ["*"] } }],
};
