import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { useBench } from "../operator/bench.ts";
import { container, deployment } from "../operator/objects.ts";
import { setScene } from "../operator/scene.ts";

const releases = join(import.meta.dirname, "../../fixtures");

/** Every release that an installation may come from. */
const before = readdirSync(releases).filter((name) => /^\d+\.\d+\.\d+$/.test(name));

describe.each(before)("an upgrade from %s", (release) => {
  const folder = join(releases, release);
  const bench = useBench({
    operator: false,
    installed: { crds: join(folder, "crds"), rbac: join(folder, "rbac") },
  });
  const scratch = mkdtempSync(join(tmpdir(), "pawl-upgrade-"));
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));

  test("keeps baselines, first-seen times and history", async () => {
    const program = join(scratch, "operator.mjs");
    writeFileSync(program, gunzipSync(readFileSync(join(folder, "operator.js.gz"))));
    const old = await bench.startOperator([], { program });
    await old.leads();
    const { namespace, judged } = await setScene(bench, {
      prefix: "shop",
      before: (namespace) => [deployment({ name: "web", namespace }), deployment({ name: "tidied", namespace })],
    });
    await bench.apply(deployment({ name: "worse", namespace }));
    await bench.apply(deployment({ name: "tidied", namespace, containers: [container("app", { memory: "64Mi" })] }));
    const row = (name: string, state: string) =>
      `Deployment.apps/${name} memory-limit containers[name=app].resources.limits.memory ${state}`;
    await judged.untilRows(namespace, [row("web", "Known"), row("worse", "New")]);
    const report = await judged.until(() => judged.report(namespace), {
      describe: "one fixed and one new violation in the report",
      until: ({ summary }) => summary.fixed === 1 && summary.new === 1,
    });
    // What is fixed is marked as told once its Event is out.
    const baseline = await judged.until(() => judged.baseline(namespace), {
      describe: "the fixed violation to be told",
      until: ({ resources }) => resources.some(({ entries }) => entries.some(({ announced }) => announced === true)),
    });
    expect(report.history).not.toEqual([]);
    await old.stop();

    await bench.install();
    const today = await bench.startOperator();
    await today.leads();
    await judged.scan();

    expect(await judged.rows(namespace)).toEqual([row("web", "Known"), row("worse", "New")]);
    const taken = await judged.report(namespace);
    expect(taken?.violating.map(({ ref, rows }) => ({ ref, rows }))).toEqual(
      report.violating.map(({ ref, rows }) => ({ ref, rows })),
    );
    expect(taken?.history).toEqual(report.history);
    expect(taken?.changes).toEqual(report.changes);
    expect(taken?.baselineTakenAt).toBe(report.baselineTakenAt);
    const kept = await judged.baseline(namespace);
    expect(kept?.takenAt).toBe(baseline.takenAt);
    expect(kept?.fixed).toBe(baseline.fixed);
    expect(kept?.resources).toEqual(baseline.resources);
  });
});
