import { describe, expect, test } from "vitest";
import type { Baseline } from "../../../src/api/baseline.ts";
import type { ScanReport } from "../../../src/api/scan-report.ts";
import type { RowState } from "../../../src/api/violating.ts";
import { kubectl } from "../cluster.ts";
import { type Bench, useBench } from "./bench.ts";
import { reportPath } from "./judged.ts";
import { deployment, policy } from "./objects.ts";
import { type Scene, setScene } from "./scene.ts";

const noLimit = "memory-limit containers[name=app].resources.limits.memory";
const rows = [`Deployment.apps/web ${noLimit} Known`, `Deployment.apps/worse ${noLimit} New`];
const foundWorse =
  "Warning ViolationFound Deployment/worse New: memory-limit at containers[name=app].resources.limits.memory.";

/** One Known violation and one New one, of which an Event has told. */
async function indebted(bench: Bench, prefix: string): Promise<Scene> {
  const scene = await setScene(bench, {
    prefix,
    before: (namespace) => [deployment({ name: "web", namespace })],
  });
  await bench.apply(deployment({ name: "worse", namespace: scene.namespace }));
  await scene.judged.untilRows(scene.namespace, rows);
  await scene.judged.untilEvents(scene.namespace, [foundWorse]);
  return scene;
}

async function storedBaseline({ judged, namespace }: Scene): Promise<Baseline> {
  const baseline = await judged.baseline(namespace);
  if (baseline === undefined) throw new Error(`${judged.baselinePath(namespace)} is not there`);
  return baseline;
}

/** A kubeconfig for an account that may do anything in that namespace, and nothing elsewhere. */
async function everythingIn(bench: Bench, namespace: string): Promise<string> {
  const [apiVersion, metadata] = ["rbac.authorization.k8s.io/v1", { name: "tenant", namespace }];
  await bench.apply({ apiVersion: "v1", kind: "ServiceAccount", metadata });
  await bench.apply({
    apiVersion,
    kind: "Role",
    metadata,
    rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }],
  });
  await bench.apply({
    apiVersion,
    kind: "RoleBinding",
    metadata,
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: metadata.name },
    subjects: [{ kind: "ServiceAccount", ...metadata }],
  });
  return await bench.plane.kubeconfigFor({ namespace, serviceAccount: metadata.name });
}

function exchanged({ violating }: ScanReport): Pick<ScanReport, "violating"> {
  const other = (state: RowState | undefined) => (state === "New" ? "Known" : "New");
  return {
    violating: violating.map(({ rows: shown, ...resource }) => ({
      ...resource,
      rows: shown.map((row) => ({ ...row, state: other(row.state) })),
    })),
  };
}

describe.concurrent("ledgers that somebody touches", () => {
  const bench = useBench({ calm: true });

  test("a deleted Baseline is rebuilt from the report, and an Event says so", async () => {
    const scene = await indebted(bench, "baseline");
    const { namespace, judged } = scene;
    const before = await storedBaseline(scene);

    await bench.request("DELETE", judged.baselinePath(namespace));

    await judged.untilEntries(namespace, [`Deployment.apps/web ${noLimit}`]);
    expect((await storedBaseline(scene)).takenAt).toBe(before.takenAt);
    await judged.until(() => judged.news("BaselineRestored"), {
      describe: "the Event BaselineRestored",
      until: (news) => news.length > 0,
    });
    await judged.scan();
    expect(await judged.rows(namespace)).toEqual(rows);
    expect(await judged.news("BaselineRestored")).toEqual([
      `Warning BaselineRestored The baseline of ${namespace} was lost and was taken from its report`,
    ]);
    expect(await judged.events(namespace)).toEqual([foundWorse]);
  });

  test("a deleted report is rebuilt, silently", async () => {
    const { namespace, judged } = await indebted(bench, "report");

    await bench.request("DELETE", reportPath(namespace, judged.policy));

    await judged.untilRows(namespace, rows);
    await judged.scan();
    expect(await judged.entries(namespace)).toEqual([`Deployment.apps/web ${noLimit}`]);
    expect(await judged.events(namespace)).toEqual([foundWorse]);
    expect(await judged.news("BaselineRestored")).toEqual([]);
  });

  test("an entry that a person adds to the Baseline turns New into Known", async () => {
    const scene = await indebted(bench, "accepted");
    const { namespace, judged } = scene;
    const baseline = await storedBaseline(scene);
    const accepted = { ref: "Deployment.apps/worse", entries: baseline.resources[0]?.entries ?? [] };

    await bench.request("PUT", judged.baselinePath(namespace), {
      ...baseline,
      resources: [...baseline.resources, accepted],
    });

    await judged.untilRows(namespace, [
      `Deployment.apps/web ${noLimit} Known`,
      `Deployment.apps/worse ${noLimit} Known`,
    ]);
    await judged.scan();
    expect(await judged.changes(namespace)).toEqual([
      `Deployment.apps/worse ${noLimit} Known Accepted`,
      `Deployment.apps/worse ${noLimit} New Found`,
    ]);
    expect(await judged.counts(namespace)).toEqual({ new: 0, known: 2, fixed: 0 });
    expect(await judged.events(namespace)).toEqual([foundWorse]);
  });

  test("an entry that a person removes from the Baseline turns Known into New", async () => {
    const scene = await indebted(bench, "removed");
    const { namespace, judged } = scene;

    await bench.request("PUT", judged.baselinePath(namespace), { ...(await storedBaseline(scene)), resources: [] });

    await judged.untilRows(namespace, [`Deployment.apps/web ${noLimit} New`, `Deployment.apps/worse ${noLimit} New`]);
    expect(await judged.counts(namespace)).toEqual({ new: 2, known: 0, fixed: 0 });
  });

  test("a report that a person writes over is put right", async () => {
    const { namespace, judged } = await indebted(bench, "forged");
    const report = await judged.report(namespace);

    await bench.request("PUT", reportPath(namespace, judged.policy), {
      ...report,
      violating: [],
      summary: { ...report?.summary, new: 0, known: 0 },
    });

    await judged.untilRows(namespace, rows);
    await judged.untilCounts(namespace, { new: 1, known: 1, fixed: 0 });
  });

  test.each([
    ["hides everything in", () => ({ violating: [], summary: { new: 0, known: 0, fixed: 99 } })],
    ["calls New what is Known, and Known what is New, in", exchanged],
  ])(
    "a tenant with * in its namespace who %s its report changes no state, and the next scan puts it right",
    async (_, forge) => {
      const scene = await indebted(bench, "tenant");
      const { namespace, judged } = scene;
      const [report, baseline, changes] = [
        await judged.report(namespace),
        await storedBaseline(scene),
        await judged.changes(namespace),
      ];
      if (report === undefined) throw new Error(`${namespace} has no report`);
      const kubeconfig = await everythingIn(bench, namespace);

      const patch = ["--type=merge", "--patch", JSON.stringify(forge(report))];
      await kubectl(["patch", "scanreports.pawl.dev", judged.policy, "-n", namespace, ...patch], { kubeconfig });
      await judged.scan();

      expect(await judged.rows(namespace)).toEqual(rows);
      expect(await judged.counts(namespace)).toEqual({ new: 1, known: 1, fixed: 0 });
      expect(await storedBaseline(scene)).toEqual(baseline);
      expect(await judged.changes(namespace)).toEqual(expect.arrayContaining([...(changes ?? [])]));
      expect(await judged.news("BaselineRestored")).toEqual([]);
    },
  );

  test("a Policy that is deleted and applied again is no amnesty", async () => {
    const scene = await indebted(bench, "again");
    const { namespace, judged, spec } = scene;
    const before = await storedBaseline(scene);

    await bench.delete(policy(namespace, spec));
    await judged.until(() => judged.baseline(namespace), {
      describe: "a Baseline that waits for its Policy",
      until: ({ orphanedSince }) => orphanedSince !== undefined,
    });
    await judged.until(async () => (await judged.report(namespace)) === undefined, {
      describe: "the end of the report",
    });
    await bench.apply(deployment({ name: "worst", namespace }));
    await bench.apply(policy(namespace, spec));

    await judged.untilRows(namespace, [...rows, `Deployment.apps/worst ${noLimit} New`]);
    const after = await judged.untilScanned();
    expect(after.baselineTakenAt).toBe(before.takenAt);
    expect(await storedBaseline(scene)).toMatchObject({ takenAt: before.takenAt, resources: before.resources });
    expect((await storedBaseline(scene)).orphanedSince).toBeUndefined();
    await judged.scan();
    expect(await judged.counts(namespace)).toEqual({ new: 2, known: 1, fixed: 0 });
    expect(await judged.events(namespace)).toEqual([foundWorse]);
  });

  test("a Policy that is replaced at once keeps its reports, as their owner", async () => {
    const { namespace, judged, spec } = await indebted(bench, "replaced");
    const before = await judged.report(namespace);

    await bench.delete(policy(namespace, spec));
    await bench.apply(policy(namespace, spec));

    const { uid } = (await judged.object()).metadata;
    const after = await judged.until(() => judged.report(namespace), {
      describe: "a report that the new Policy owns",
      until: ({ metadata }) => metadata.ownerReferences?.some((owner) => owner.uid === uid) ?? false,
    });
    expect(after.violating).toEqual(before?.violating);
    await judged.scan();
    expect(await judged.rows(namespace)).toEqual(rows);
    expect(await judged.events(namespace)).toEqual([foundWorse]);
  });
});
