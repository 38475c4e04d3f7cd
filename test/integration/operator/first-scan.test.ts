import { describe, expect, test } from "vitest";
import { useBench } from "./bench.ts";
import { Judged } from "./judged.ts";
import { container, deployment, only, policy } from "./objects.ts";

const noLimit = "memory-limit containers[name=app].resources.limits.memory";

describe("the first scan of a Policy", () => {
  const bench = useBench();

  test("takes what it finds as the baseline, silently", async () => {
    const namespace = await bench.namespace("first");
    await bench.apply(deployment({ name: "web", namespace }));
    const judged = new Judged(bench, namespace);

    await bench.apply(
      policy(namespace, { match: { namespaces: { include: [namespace] } }, rules: only("memory-limit") }),
    );
    await judged.untilScanned();

    expect(await judged.rows(namespace)).toEqual([`Deployment.apps/web ${noLimit} Known`]);
    expect(await judged.entries(namespace)).toEqual([`Deployment.apps/web ${noLimit}`]);
    expect(await judged.events(namespace)).toEqual([]);
    expect(await judged.conditions()).toEqual(["Ready=True InForce"]);
    await judged.until(() => judged.news("BaselineTaken"), {
      describe: "the Event BaselineTaken",
      until: (news) => news.length === 1,
    });
    await bench.apply(deployment({ name: "worse", namespace, containers: [container("app")] }));
    await judged.untilRows(
      namespace,
      [`Deployment.apps/web ${noLimit} Known`, `Deployment.apps/worse ${noLimit} New`],
      {
        timeoutMs: 5_000,
      },
    );
  });
});
