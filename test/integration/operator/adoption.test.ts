import { expect, test } from "vitest";
import { useBench } from "./bench.ts";
import { deployment, only, policy } from "./objects.ts";
import { setScene } from "./scene.ts";

const bench = useBench();

const noLimit = "memory-limit containers[name=app].resources.limits.memory";
const noProbe = "liveness-probe containers[name=app].livenessProbe";

test("what a leader adopted that is killed before it could say so is told by the next, once", async () => {
  const { namespace, judged, spec } = await setScene(bench, {
    prefix: "adopting",
    before: (within) => [deployment({ name: "web", namespace: within })],
  });

  await bench.apply(policy(namespace, { ...spec, rules: only("memory-limit", "liveness-probe") }));
  await judged.untilEntries(namespace, [`Deployment.apps/web ${noLimit}`, `Deployment.apps/web ${noProbe}`]);
  // It would tell after four seconds in which nothing more is adopted.
  await bench.restart("SIGKILL");

  const adopted = "Normal RuleAdopted What these rules found is known from now on: liveness-probe (1)";
  await judged.until(() => judged.news("RuleAdopted"), {
    describe: "the Event RuleAdopted",
    until: ({ length }) => length > 0,
  });
  expect(await judged.news("RuleAdopted")).toEqual([adopted]);
  expect((await judged.status()).adoptions).toMatchObject([
    { rule: "liveness-probe", violations: 1, resources: 1, namespaces: 1 },
  ]);
  await bench.restart("SIGTERM");
  await judged.scan();
  expect(await judged.rows(namespace)).toEqual([
    `Deployment.apps/web ${noProbe} Known`,
    `Deployment.apps/web ${noLimit} Known`,
  ]);
  expect(await judged.news("RuleAdopted")).toEqual([adopted]);
  expect((await judged.status()).adoptions).toHaveLength(1);
});
