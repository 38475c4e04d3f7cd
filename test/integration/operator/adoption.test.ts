import { expect, test } from "vitest";
import { useBench } from "./bench.ts";
import { deployment, only, policy } from "./objects.ts";
import { setScene } from "./scene.ts";

const bench = useBench();

const noLimit = "memory-limit containers[name=app].resources.limits.memory";
const noProbe = "liveness-probe containers[name=app].livenessProbe";

test("a leader that is told to end while rules are being adopted says which were", async () => {
  const { namespace, judged, spec } = await setScene(bench, {
    prefix: "adopting",
    before: (within) => [deployment({ name: "web", namespace: within })],
  });

  // What rests on siblings is adopted after a minute, and the Event waits for it.
  await bench.apply(policy(namespace, { ...spec, rules: only("memory-limit", "liveness-probe", "configmap-exists") }));
  await judged.untilEntries(namespace, [`Deployment.apps/web ${noLimit}`, `Deployment.apps/web ${noProbe}`]);
  expect(await judged.news("RuleAdopted")).toEqual([]);
  await bench.restart("SIGTERM");

  const adopted = "Normal RuleAdopted What these rules found is known from now on: liveness-probe (1)";
  expect(await judged.news("RuleAdopted")).toEqual([adopted]);
  await judged.scan();
  expect(await judged.rows(namespace)).toEqual([
    `Deployment.apps/web ${noProbe} Known`,
    `Deployment.apps/web ${noLimit} Known`,
  ]);
  expect(await judged.news("RuleAdopted")).toEqual([adopted]);
});
