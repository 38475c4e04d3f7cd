import { describe, expect, test } from "vitest";
import { useBench } from "./bench.ts";
import { Judged } from "./judged.ts";
import { container, deployment, job, type Manifest, only, policy } from "./objects.ts";
import { setScene } from "./scene.ts";

const memoryOf = (name: string) => `memory-limit containers[name=${name}].resources.limits.memory`;
const noLimit = memoryOf("app");

const bench = useBench({ calm: true });

describe.concurrent("what is still the same under another name", () => {
  test("a container that is renamed stays Known, moved, without an Event", async () => {
    const { namespace, judged } = await setScene(bench, {
      prefix: "renamed",
      before: (namespace) => [deployment({ name: "web", namespace })],
    });

    await bench.apply(deployment({ name: "web", namespace, containers: [container("main")] }));

    await judged.untilRows(namespace, [`Deployment.apps/web ${memoryOf("main")} Known moved`]);
    await judged.scan();
    expect(await judged.entries(namespace)).toEqual([`Deployment.apps/web ${memoryOf("main")}`]);
    expect(await judged.counts(namespace)).toEqual({ new: 0, known: 1, fixed: 0 });
    expect(await judged.events(namespace)).toEqual([]);
  });

  test("a Deployment that takes the place of one with the same image is Known, moved", async () => {
    const { namespace, judged } = await setScene(bench, {
      prefix: "successor",
      before: (namespace) => [deployment({ name: "web", namespace })],
    });

    await bench.delete(deployment({ name: "web", namespace }));
    await judged.untilCounts(namespace, { fixed: 1 });
    await bench.apply(deployment({ name: "shop-web", namespace }));

    await judged.untilRows(namespace, [`Deployment.apps/shop-web ${noLimit} Known moved`]);
    await judged.scan();
    expect(await judged.entries(namespace)).toEqual([`Deployment.apps/shop-web ${noLimit}`]);
    expect(await judged.counts(namespace)).toEqual({ new: 0, known: 1, fixed: 0 });
    expect(await judged.events(namespace)).toEqual([]);
  });

  test("a Deployment that came before its predecessor went is New until then, and moved afterwards", async () => {
    const { namespace, judged } = await setScene(bench, {
      prefix: "overlap",
      before: (namespace) => [deployment({ name: "web", namespace })],
    });

    await bench.apply(deployment({ name: "shop-web", namespace }));
    await judged.untilRows(namespace, [
      `Deployment.apps/shop-web ${noLimit} New`,
      `Deployment.apps/web ${noLimit} Known`,
    ]);
    await bench.delete(deployment({ name: "web", namespace }));

    await judged.untilRows(namespace, [`Deployment.apps/shop-web ${noLimit} Known moved`]);
    await judged.scan();
    expect(await judged.changes(namespace)).toEqual([
      `Deployment.apps/shop-web ${noLimit} Known Moved`,
      `Deployment.apps/shop-web ${noLimit} New Found`,
    ]);
    expect(await judged.events(namespace, "ViolationFixed")).toEqual([]);
  });

  test("a Deployment of another image is New, whatever went", async () => {
    const { namespace, judged } = await setScene(bench, {
      prefix: "stranger",
      before: (namespace) => [deployment({ name: "web", namespace })],
    });

    await bench.delete(deployment({ name: "web", namespace }));
    const containers = [container("app", { image: "registry.example.com/other:1.0" })];
    await bench.apply(deployment({ name: "shop-web", namespace, containers }));

    await judged.untilRows(namespace, [`Deployment.apps/shop-web ${noLimit} New`]);
    await judged.untilCounts(namespace, { new: 1, known: 0, fixed: 1 });
  });

  test("a Deployment that goes to another namespace is fixed here and New there: LEDGER 6.2 never across", async () => {
    const namespaces = [await bench.namespace("here"), await bench.namespace("there")] as const;
    const [here, there] = namespaces;
    await bench.apply(deployment({ name: "web", namespace: here }));
    await bench.apply(deployment({ name: "api", namespace: there }));
    const judged = new Judged(bench, here);
    await bench.apply(
      policy(here, { match: { namespaces: { include: [...namespaces] } }, rules: only("memory-limit") }),
    );
    await judged.untilScanned();

    await bench.delete(deployment({ name: "web", namespace: here }));
    await bench.apply(deployment({ name: "web", namespace: there }));

    await judged.untilRows(there, [`Deployment.apps/api ${noLimit} Known`, `Deployment.apps/web ${noLimit} New`]);
    await judged.untilCounts(here, { new: 0, known: 0, fixed: 1 });
  });
});

describe.concurrent("CI Jobs with generated names", () => {
  const noStepLimit = `Job.batch/ci-* ${memoryOf("step")}`;
  const tidy = [container("step", { memory: "64Mi" })];

  /** A namespace in whose baseline one run of the pipeline stands; `run` starts another. */
  async function pipeline(prefix: string) {
    const runs: Manifest[] = [];
    const run = async (namespace: string, containers?: readonly object[]) => {
      const made = await bench.create<Manifest>(job("ci-", { namespace, ...(containers && { containers }) }));
      const { name = "" } = made.metadata;
      const stored = { apiVersion: "batch/v1", kind: "Job", metadata: { namespace, name } };
      runs.push(stored);
      return stored;
    };
    const scene = await setScene(bench, {
      prefix,
      before: () => [],
      first: (namespace) => run(namespace),
    });
    return { ...scene, run: (containers?: readonly object[]) => run(scene.namespace, containers), runs };
  }

  test("are one family, in which a later run brings nothing New", async () => {
    const { namespace, judged, run } = await pipeline("runs");
    expect(await judged.rows(namespace)).toEqual([`${noStepLimit} Known`]);

    await run();
    await run();
    await judged.scan();
    expect(await judged.rows(namespace)).toEqual([`${noStepLimit} Known`]);
    await run([container("step"), container("upload")]);

    await judged.untilRows(namespace, [`${noStepLimit} Known`, `Job.batch/ci-* ${memoryOf("upload")} New`]);
    expect(await judged.entries(namespace)).toEqual([noStepLimit]);
  });

  test("prove nothing by being gone, and are Known when the next run comes", async () => {
    const { namespace, judged, run, runs } = await pipeline("absent");

    for (const one of runs) await bench.delete(one);
    await judged.untilRows(namespace, []);
    await judged.scan();
    expect(await judged.counts(namespace)).toEqual({ new: 0, known: 0, fixed: 0 });
    expect(await judged.entries(namespace)).toEqual([noStepLimit]);
    await run();

    await judged.untilRows(namespace, [`${noStepLimit} Known`]);
    await judged.scan();
    expect(await judged.events(namespace)).toEqual([]);
  });

  test("are fixed by a live run that lacks the violation, once no other has it", async () => {
    const { namespace, judged, run, runs } = await pipeline("mended");

    await run(tidy);
    await judged.untilCounts(namespace, { known: 1, fixed: 0 });
    const [bad] = runs;
    if (bad !== undefined) await bench.delete(bad);

    await judged.untilCounts(namespace, { new: 0, known: 0, fixed: 1 });
    expect(await judged.entries(namespace)).toEqual([`${noStepLimit} absent`]);
  });
});
