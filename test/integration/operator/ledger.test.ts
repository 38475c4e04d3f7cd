import { describe, expect, test } from "vitest";
import { waitFor } from "../cluster.ts";
import { useBench } from "./bench.ts";
import { Judged } from "./judged.ts";
import { container, deployment, type Manifest, only, type PolicySpecInput, policy } from "./objects.ts";
import { setScene } from "./scene.ts";

const memoryOf = (name: string) => `memory-limit containers[name=${name}].resources.limits.memory`;
const noLimit = memoryOf("app");
const limited = [container("app", { memory: "64Mi" })];

describe.concurrent("what a violation goes through", () => {
  const bench = useBench({ calm: true });

  test("the first scan takes what it finds as the baseline, silently", async () => {
    const { namespace, judged } = await setScene(bench, {
      prefix: "first",
      before: (namespace) => [
        deployment({ name: "web", namespace }),
        deployment({ name: "tidy", namespace, containers: limited }),
      ],
    });

    expect(await judged.rows(namespace)).toEqual([`Deployment.apps/web ${noLimit} Known`]);
    expect(await judged.entries(namespace)).toEqual([`Deployment.apps/web ${noLimit}`]);
    expect(await judged.conditions()).toEqual(["Ready=True InForce"]);
    expect(await judged.untilScanned()).toMatchObject({
      summary: { resources: 2, new: 0, known: 1, fixed: 0 },
      coverage: { percent: 100, holes: [] },
      baselineTakenAt: (await judged.baseline(namespace))?.takenAt,
    });
    await judged.untilNews([
      "Normal BaselineTaken 1 violations of 2 resources are known from now on; what comes on top is new",
      expect.stringMatching(/^Normal PolicyReady /),
    ]);
    expect(await judged.events(namespace)).toEqual([]);
  });

  test("a new Deployment is New within 5 seconds, with one Event and a metric, and the old one stays Known", async () => {
    const { namespace, judged } = await setScene(bench, {
      prefix: "new",
      before: (namespace) => [deployment({ name: "web", namespace })],
    });

    await bench.apply(deployment({ name: "worse", namespace }));

    await judged.untilRows(
      namespace,
      [`Deployment.apps/web ${noLimit} Known`, `Deployment.apps/worse ${noLimit} New`],
      { timeoutMs: 5_000 },
    );
    await judged.untilEvents(namespace, [
      "Warning ViolationFound Deployment/worse New: memory-limit at containers[name=app].resources.limits.memory.",
    ]);
    const violations = (state: string) =>
      bench.operator.metric("pawl_violations", { policy: namespace, namespace, severity: "high", state });
    expect(await violations("new")).toBe(1);
    expect(await violations("known")).toBe(1);
    expect(await bench.operator.metric("pawl_violations_found_total", { policy: namespace })).toBe(1);
    await judged.until(() => judged.status(), {
      describe: "the new violation in the Policy's status",
      until: ({ summary }) => summary?.new === 1 && summary.known === 1,
    });
  });

  test("a bad container more in a bad Deployment is New, and harmless edits are nothing", async () => {
    const { namespace, judged } = await setScene(bench, {
      prefix: "container",
      before: (namespace) => [deployment({ name: "web", namespace })],
    });
    const edited = { image: "registry.example.com/app:2.0" };
    const sidecar = container("sidecar", { memory: "64Mi" });

    await bench.apply(
      deployment({ name: "web", namespace, containers: [sidecar, container("app", edited)], labels: { team: "shop" } }),
    );
    await judged.scan();
    expect(await judged.rows(namespace)).toEqual([`Deployment.apps/web ${noLimit} Known`]);
    await bench.apply(
      deployment({ name: "web", namespace, containers: [container("extra"), sidecar, container("app", edited)] }),
    );

    await judged.untilRows(namespace, [
      `Deployment.apps/web ${noLimit} Known`,
      `Deployment.apps/web ${memoryOf("extra")} New`,
    ]);
  });

  test("a fix counts at once, with an Event, and a rollback within settle is Known again, without one", async () => {
    const { namespace, judged } = await setScene(bench, {
      prefix: "rollback",
      before: (namespace) => [deployment({ name: "web", namespace })],
    });
    const fixed = [
      "Normal ViolationFixed Deployment/web Fixed: memory-limit at containers[name=app].resources.limits.memory.",
    ];

    await bench.apply(deployment({ name: "web", namespace, containers: limited }));
    await judged.untilCounts(namespace, { new: 0, known: 0, fixed: 1 });
    await judged.untilEvents(namespace, fixed);
    expect(await judged.entries(namespace)).toEqual([`Deployment.apps/web ${noLimit} absent`]);
    await bench.apply(deployment({ name: "web", namespace }));
    await judged.untilCounts(namespace, { new: 0, known: 1, fixed: 0 });
    await judged.scan();

    expect(await judged.rows(namespace)).toEqual([`Deployment.apps/web ${noLimit} Known`]);
    expect(await judged.events(namespace)).toEqual(fixed);
    expect(await bench.operator.metric("pawl_violations_fixed_total", { policy: namespace })).toBe(1);
    expect(await bench.operator.metric("pawl_violations_found_total", { policy: namespace })).toBe(0);
  });

  test("what is deleted and applied within settle was never away", async () => {
    const { namespace, judged } = await setScene(bench, {
      prefix: "replace",
      before: (namespace) => [deployment({ name: "web", namespace })],
    });
    const web = deployment({ name: "web", namespace });

    await bench.delete(web);
    await judged.untilCounts(namespace, { known: 0, fixed: 1 });
    await bench.apply(web);
    await judged.untilCounts(namespace, { new: 0, known: 1, fixed: 0 });
    await judged.scan();

    expect(await judged.rows(namespace)).toEqual([`Deployment.apps/web ${noLimit} Known`]);
    expect(await judged.events(namespace)).toEqual([]);
    expect(await bench.operator.metric("pawl_violations_fixed_total", { policy: namespace })).toBe(0);
  });

  test("what comes back after settle is New", async () => {
    const { namespace, judged } = await setScene(bench, {
      prefix: "return",
      before: (namespace) => [deployment({ name: "web", namespace })],
      baseline: { settle: "2s" },
    });

    await bench.apply(deployment({ name: "web", namespace, containers: limited }));
    await judged.untilEntries(namespace, []);
    expect(await judged.counts(namespace)).toEqual({ new: 0, known: 0, fixed: 1 });
    await bench.apply(deployment({ name: "web", namespace }));

    await judged.untilRows(namespace, [`Deployment.apps/web ${noLimit} New`]);
    expect(await judged.counts(namespace)).toEqual({ new: 1, known: 0, fixed: 1 });
  });

  test("the Event for what was deleted waits for the end of settle", async () => {
    const { namespace, judged } = await setScene(bench, {
      prefix: "deleted",
      before: (namespace) => [deployment({ name: "web", namespace })],
      baseline: { settle: "4s" },
    });

    await bench.delete(deployment({ name: "web", namespace }));
    await judged.untilCounts(namespace, { fixed: 1 });
    expect(await judged.events(namespace)).toEqual([]);
    expect(await bench.operator.metric("pawl_violations_fixed_total", { policy: namespace })).toBe(0);

    await judged.untilEvents(namespace, [
      "Normal ViolationFixed Deployment/web Fixed: memory-limit at containers[name=app].resources.limits.memory.",
    ]);
    await judged.untilEntries(namespace, []);
    expect(await judged.counts(namespace)).toEqual({ new: 0, known: 0, fixed: 1 });
    expect(await bench.operator.metric("pawl_violations_fixed_total", { policy: namespace })).toBe(1);
  });

  test("a New violation that goes is gone, and never counts as FIXED", async () => {
    const { namespace, judged } = await setScene(bench, {
      prefix: "gone",
      before: (namespace) => [deployment({ name: "web", namespace })],
    });

    await bench.apply(deployment({ name: "worse", namespace }));
    await judged.untilCounts(namespace, { new: 1, known: 1 });
    await bench.apply(deployment({ name: "worse", namespace, containers: limited }));
    await judged.untilCounts(namespace, { new: 0, known: 1, fixed: 0 });

    expect(await judged.changes(namespace)).toEqual([
      `Deployment.apps/worse ${noLimit} Gone Fixed`,
      `Deployment.apps/worse ${noLimit} New Found`,
    ]);
    expect(await bench.operator.metric("pawl_violations_fixed_total", { policy: namespace })).toBe(1);
  });

  test("with mode Off all is New and nothing is announced, and back to Ratchet the old baseline holds", async () => {
    const { namespace, judged, spec } = await setScene(bench, {
      prefix: "off",
      before: (namespace) => [deployment({ name: "web", namespace })],
    });
    const taken = await judged.baseline(namespace);

    await bench.apply(policy(namespace, { ...spec, baseline: { mode: "Off" } }));
    await judged.untilRows(namespace, [`Deployment.apps/web ${noLimit} New`]);
    await judged.scan();
    expect(await judged.events(namespace)).toEqual([]);
    expect(await judged.baseline(namespace)).toEqual(taken);
    await bench.apply(policy(namespace, { ...spec, baseline: { mode: "Ratchet" } }));

    await judged.untilRows(namespace, [`Deployment.apps/web ${noLimit} Known`]);
    await judged.scan();
    expect(await judged.events(namespace)).toEqual([]);
  });

  test("with mode Off from the start there is no baseline, and Ratchet takes one", async () => {
    const { namespace, judged, spec } = await setScene(bench, {
      prefix: "late",
      before: (namespace) => [deployment({ name: "web", namespace })],
      baseline: { mode: "Off" },
    });
    expect(await judged.rows(namespace)).toEqual([`Deployment.apps/web ${noLimit} New`]);
    expect(await judged.baseline(namespace)).toBeUndefined();
    expect(await judged.events(namespace)).toEqual([]);
    await bench.apply(deployment({ name: "worse", namespace }));
    await judged.untilEvents(namespace, [
      "Warning ViolationFound Deployment/worse New: memory-limit at containers[name=app].resources.limits.memory.",
    ]);

    await bench.apply(policy(namespace, { ...spec, baseline: { mode: "Ratchet" } }));

    await judged.untilRows(namespace, [
      `Deployment.apps/web ${noLimit} Known`,
      `Deployment.apps/worse ${noLimit} Known`,
    ]);
    expect(await judged.events(namespace, "ViolationFixed")).toEqual([]);
  });

  test("a Policy that watches nothing sees what changed at its next scan, a suspended one when it is asked", async () => {
    const watching = await setScene(bench, { prefix: "watching", before: () => [] });
    const { namespace } = watching;
    const [still, suspended] = [new Judged(bench, `${namespace}-still`), new Judged(bench, `${namespace}-suspended`)];
    await bench.apply(policy(still.policy, { ...watching.spec, scan: { continuous: false } }));
    await bench.apply(policy(suspended.policy, watching.spec));
    await Promise.all([still.untilScanned(), suspended.untilScanned()]);
    await bench.apply(policy(suspended.policy, { ...watching.spec, scan: { suspend: true } }));
    await suspended.until(() => suspended.status(), {
      describe: "a suspended Policy without a next scan",
      until: ({ nextScanTime, observedGeneration }) => nextScanTime === undefined && observedGeneration === 2,
    });

    await bench.apply(deployment({ name: "web", namespace }));
    await watching.judged.untilRows(namespace, [`Deployment.apps/web ${noLimit} New`]);
    await watching.judged.scan();
    for (const judged of [still, suspended]) {
      expect(await judged.report(namespace)).toBeUndefined();
      await judged.scan();
      expect(await judged.rows(namespace)).toEqual([`Deployment.apps/web ${noLimit} New`]);
    }
  });

  test("what is too long for one object is spread over parts, and put together again", async () => {
    const many = (replaced: string) => Array.from({ length: 150 }, (_, index) => container(`${replaced}-${index}`));
    const names = Array.from({ length: 12 }, (_, index) => `web-${index}`);
    const { namespace, judged } = await setScene(bench, {
      prefix: "parts",
      before: (namespace) => names.map((name) => deployment({ name, namespace, containers: many("main") })),
    });
    const total = names.length * 150;
    expect(await judged.counts(namespace)).toEqual({ new: 0, known: total, fixed: 0 });
    expect(await judged.rows(namespace)).toHaveLength(total);
    const report = await judged.report(namespace);
    expect(report?.parts).toBeGreaterThan(1);
    expect(report?.violating).toEqual([]);
    for (const object of await judged.stored(namespace))
      expect(JSON.stringify(object).length).toBeLessThanOrEqual(128 * 1024);

    await bench.apply(deployment({ name: "web-0", namespace, containers: [...many("main"), container("extra")] }));
    await judged.untilCounts(namespace, { new: 1, known: total, fixed: 0 });
    for (const name of names.slice(1)) await bench.apply(deployment({ name, namespace, containers: limited }));
    await judged.untilCounts(namespace, { new: 1, known: 150, fixed: total - 150 });
    await judged.scan();

    expect((await judged.report(namespace))?.parts).toBe(0);
    expect(await judged.rows(namespace)).toHaveLength(151);
  });

  test("Pods and ReplicaSets are judged with their Deployment, a Pod of its own is itself", async () => {
    const pod = (namespace: string): Manifest => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "debug", namespace },
      spec: { containers: [container("app")] },
    });
    const { namespace, judged } = await setScene(bench, {
      prefix: "folded",
      before: (namespace) => [deployment({ name: "web", namespace, replicas: 2 })],
    });

    await untilPods(namespace, 2);
    const image = "registry.example.com/app:2.0";
    await bench.apply(deployment({ name: "web", namespace, replicas: 3, containers: [container("app", { image })] }));
    await untilPods(namespace, 3);
    await judged.scan();
    expect(await judged.rows(namespace)).toEqual([`Deployment.apps/web ${noLimit} Known`]);
    expect((await judged.report(namespace))?.summary.resources).toBe(1);
    await bench.apply(pod(namespace));

    await judged.untilRows(namespace, [`Deployment.apps/web ${noLimit} Known`, `Pod/debug ${noLimit} New`]);
    await judged.untilEvents(namespace, [
      "Warning ViolationFound Pod/debug New: memory-limit at containers[name=app].resources.limits.memory.",
    ]);
  });

  test("what is put into a running Pod is the Deployment's, until the Pod goes", async () => {
    const { namespace, judged } = await setScene(bench, {
      prefix: "debugged",
      before: (namespace) => [deployment({ name: "web", namespace, replicas: 1 })],
      rules: only("no-privileged"),
    });
    const [pod] = await untilPods(namespace, 1);
    const path = `/api/v1/namespaces/${namespace}/pods/${pod?.metadata.name}`;
    const debug = container("debug", { securityContext: { privileged: true } });

    await bench.request(
      "PATCH",
      `${path}/ephemeralcontainers`,
      { spec: { ephemeralContainers: [debug] } },
      { contentType: "application/strategic-merge-patch+json" },
    );
    await judged.until(() => judged.rows(namespace), {
      describe: "the debugging container in the report",
      until: ([row = "", ...more]) =>
        more.length === 0 && /^Deployment\.apps\/web no-privileged ephemeralContainers\[name=debug\].* New$/.test(row),
    });
    await bench.request("DELETE", path);

    await judged.untilRows(namespace, []);
    expect(await judged.counts(namespace)).toEqual({ new: 0, known: 0, fixed: 0 });
  });

  test("cluster-scoped resources have a ledger of their own, and a Namespace belongs to its own", async () => {
    const namespace = await bench.namespace("cluster");
    const judged = new Judged(bench, namespace);
    const loose = (name: string): Manifest => ({
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRole",
      metadata: { name, labels: { scene: namespace } },
      rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["*"] }],
    });
    const row = (name: string, state: string) =>
      `ClusterRole.rbac.authorization.k8s.io/${name} no-rbac-wildcard rules ${state}`;
    await bench.apply(loose(`${namespace}-old`));
    const match: PolicySpecInput["match"] = {
      namespaces: { include: [namespace] },
      clusterResources: "Include",
      objectSelector: { matchExpressions: [{ key: "scene", operator: "In", values: [namespace] }] },
    };
    await bench.apply(policy(namespace, { match, rules: only("no-rbac-wildcard", "pod-security-labels") }));
    await judged.untilScanned();
    expect(await judged.rows("")).toEqual([row(`${namespace}-old`, "Known")]);
    expect(await judged.entries("")).toEqual([
      `ClusterRole.rbac.authorization.k8s.io/${namespace}-old no-rbac-wildcard rules`,
    ]);
    expect(await judged.report(namespace)).toBeUndefined();

    await bench.apply(loose(`${namespace}-new`));
    await bench.kubectl(["label", "namespace", namespace, `scene=${namespace}`]);

    await judged.untilRows("", [row(`${namespace}-new`, "New"), row(`${namespace}-old`, "Known")]);
    await judged.until(() => judged.rows(namespace), {
      describe: `a violation of Namespace ${namespace} in its own report`,
      until: (rows) =>
        rows.length > 0 && rows.every((one) => one.startsWith(`Namespace/${namespace} pod-security-labels `)),
    });
    await judged.until(() => judged.events("default", "ViolationFound"), {
      describe: "the Event on the ClusterRole",
      until: (events) => events.some((event) => event.includes(`ClusterRole/${namespace}-new New: no-rbac-wildcard`)),
    });
  });

  async function untilPods(namespace: string, count: number): Promise<readonly Manifest[]> {
    const pods = () =>
      bench.request<{ readonly items: readonly Manifest[] }>("GET", `/api/v1/namespaces/${namespace}/pods`);
    const { items } = await waitFor(pods, {
      describe: `${count} Pods in ${namespace}`,
      until: (list) => list.items.length >= count,
    });
    return items;
  }
});
