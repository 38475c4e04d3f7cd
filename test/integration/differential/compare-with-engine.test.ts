import { expect, test } from "vitest";
import type { ScanReport } from "../../../src/api/scan-report.ts";
import { useBench } from "../operator/bench.ts";
import { reportPath } from "../operator/judged.ts";
import { configMap, container, deployment, only } from "../operator/objects.ts";
import { setScene } from "../operator/scene.ts";
import { compareWithEngine } from "./compare-with-engine.ts";

const bench = useBench();

const limited = [container("app", { memory: "64Mi" })];

test("the comparison holds while the operator works, and fails for whatever it misses when it does not", async () => {
  const { namespace, judged } = await setScene(bench, {
    prefix: "compared",
    before: (within) => [
      deployment({ name: "web", namespace: within }),
      deployment({ name: "api", namespace: within }),
    ],
    rules: only("memory-limit", "no-latest-tag"),
  });
  const policies = [namespace];
  await compareWithEngine(bench, policies);
  await judged.untilYounger();
  await bench.apply(deployment({ name: "worse", namespace }));
  await bench.apply(deployment({ name: "api", namespace, containers: limited }));
  await judged.untilCounts(namespace, { new: 1, known: 1, fixed: 1 });
  const bytes = await compareWithEngine(bench, policies);
  await bench.operator.stop();
  const differs = () => expect(compareWithEngine(bench, policies, { timeoutMs: 0 })).rejects.toThrow();
  const report = async () => {
    const stored = await judged.report(namespace);
    if (stored === undefined) throw new Error(`there is no report in ${namespace}`);
    return stored;
  };
  const write = (object: ScanReport) => bench.request("PUT", reportPath(namespace, judged.policy), object);

  await bench.apply(configMap(namespace, "of-no-concern"));
  expect(await compareWithEngine(bench, policies)).toBe(bytes);

  // A violation that nobody has reported, and one that is gone without anybody noticing.
  await bench.apply(deployment({ name: "unseen", namespace }));
  await differs();
  await bench.delete(deployment({ name: "unseen", namespace }));
  await bench.apply(deployment({ name: "web", namespace, containers: limited }));
  await differs();
  await bench.apply(deployment({ name: "web", namespace }));
  expect(await compareWithEngine(bench, policies)).toBe(bytes);

  // One that is called fixed although it is there.
  const before = await report();
  await write({ ...before, violating: before.violating.slice(1) });
  await differs();
  // One in the wrong state.
  await write({
    ...(await report()),
    violating: before.violating.map(({ ref, rows }) => ({ ref, rows: rows.map(({ state: _, ...row }) => row) })),
  });
  await differs();
  // A count that does not add up.
  await write({ ...(await report()), violating: before.violating, summary: { ...before.summary, fixed: 2 } });
  await differs();
  await write({ ...(await report()), summary: before.summary });
  expect(await compareWithEngine(bench, policies)).toBe(bytes);

  // One that belongs to a team, or comes from somewhere, that nobody has written down.
  for (const ownership of [{ owner: "payments" }, { source: "helm:web" }]) {
    await write({ ...(await report()), violating: before.violating.map((one) => ({ ...one, ...ownership })) });
    await differs();
  }
  await write({ ...(await report()), violating: before.violating });
  expect(await compareWithEngine(bench, policies)).toBe(bytes);

  // A ledger that is not there.
  await bench.request("DELETE", reportPath(namespace, judged.policy));
  await bench.request("DELETE", judged.baselinePath(namespace));
  await differs();
});
