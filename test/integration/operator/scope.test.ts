import { describe, expect, test } from "vitest";
import { uniqueName } from "../cluster.ts";
import { useBench } from "./bench.ts";
import { Judged } from "./judged.ts";
import { container, deployment, only, overriding, policy } from "./objects.ts";
import { setScene } from "./scene.ts";

const noLimit = "memory-limit containers[name=app].resources.limits.memory";
const foundIn = (name: string) =>
  `Warning ViolationFound Deployment/${name} New: memory-limit at containers[name=app].resources.limits.memory.`;

describe.concurrent("what comes into scope", () => {
  const bench = useBench({ calm: true });

  /** A Policy for all namespaces whose name begins like its own, or that carry a label of its own. */
  async function wide(
    by: "name" | "label",
    namespace: (prefix: string, labels: Record<string, string>) => Promise<void>,
  ) {
    const name = uniqueName(by);
    const labels = { scene: name };
    await namespace(name, labels);
    const match =
      by === "name" ? { namespaces: { include: [`${name}-*`] } } : { namespaceSelector: { matchLabels: labels } };
    const judged = new Judged(bench, name);
    await bench.apply(policy(name, { match, rules: only("memory-limit") }));
    await judged.untilScanned();
    return { name, labels, judged };
  }

  test("with a namespace that is created later is New, all of it", async () => {
    const { name, judged } = await wide("name", async (prefix) => {
      await bench.createNamespace(`${prefix}-old`);
      await bench.apply(deployment({ name: "web", namespace: `${prefix}-old` }));
    });
    const young = `${name}-young`;
    await judged.untilYounger();

    await bench.createNamespace(young);
    await bench.apply(deployment({ name: "web", namespace: young }));

    await judged.untilRows(young, [`Deployment.apps/web ${noLimit} New`]);
    await judged.untilEvents(young, [foundIn("web")]);
    await judged.untilEntries(young, []);
    expect(await judged.rows(`${name}-old`)).toEqual([`Deployment.apps/web ${noLimit} Known`]);
  });

  test("with a namespace that is labelled later but is older than the baseline is adopted", async () => {
    const outside = await bench.namespace("outside");
    await bench.apply(deployment({ name: "web", namespace: outside }));
    const { labels, judged } = await wide("label", async (prefix, own) =>
      bench.createNamespace(`${prefix}-inside`, own),
    );

    await bench.kubectl(["label", "namespace", outside, `scene=${labels.scene}`]);

    await judged.untilRows(outside, [`Deployment.apps/web ${noLimit} Known`]);
    await judged.scan();
    expect(await judged.entries(outside)).toEqual([`Deployment.apps/web ${noLimit}`]);
    expect(await judged.events(outside)).toEqual([]);
  });

  test("with a namespace that is labelled later and is younger than the baseline is New", async () => {
    const { labels, judged } = await wide("label", async (prefix, own) =>
      bench.createNamespace(`${prefix}-inside`, own),
    );
    await judged.untilYounger();
    const young = await bench.namespace("young");
    await bench.apply(deployment({ name: "web", namespace: young }));

    await bench.kubectl(["label", "namespace", young, `scene=${labels.scene}`]);

    await judged.untilRows(young, [`Deployment.apps/web ${noLimit} New`]);
    await judged.untilEvents(young, [foundIn("web")]);
  });

  test("with a namespace that had left it is what it was", async () => {
    const { name, judged } = await wide("label", async (prefix, own) => {
      await bench.createNamespace(`${prefix}-inside`, own);
      await bench.apply(deployment({ name: "web", namespace: `${prefix}-inside` }));
    });
    const inside = `${name}-inside`;
    await bench.apply(deployment({ name: "worse", namespace: inside }));
    await judged.untilCounts(inside, { new: 1, known: 1 });

    await bench.kubectl(["label", "namespace", inside, "scene-"]);
    await judged.until(async () => (await judged.report(inside)) === undefined, { describe: "the end of the report" });
    expect(await judged.entries(inside)).toEqual([`Deployment.apps/web ${noLimit}`]);
    await bench.kubectl(["label", "namespace", inside, `scene=${name}`]);

    await judged.untilRows(inside, [`Deployment.apps/web ${noLimit} Known`, `Deployment.apps/worse ${noLimit} New`]);
    expect((await judged.baseline(inside))?.outOfScopeSince).toBeUndefined();
    expect(await judged.counts(inside)).toEqual({ new: 1, known: 1, fixed: 0 });
  });

  test("with a namespace of the same name, soon after it was deleted, is what it was", async () => {
    const { name, judged } = await wide("name", async (prefix) => {
      await bench.createNamespace(`${prefix}-shop`);
      await bench.apply(deployment({ name: "web", namespace: `${prefix}-shop` }));
    });
    const shop = `${name}-shop`;

    await bench.deleteNamespace(shop);
    await judged.until(() => judged.baseline(shop), {
      describe: "a Baseline that knows its namespace is gone",
      until: ({ namespaceGoneSince }) => namespaceGoneSince !== undefined,
    });
    await bench.createNamespace(shop);
    await bench.apply(deployment({ name: "web", namespace: shop }));

    await judged.untilRows(shop, [`Deployment.apps/web ${noLimit} Known`]);
    await judged.scan();
    expect((await judged.baseline(shop))?.namespaceGoneSince).toBeUndefined();
    expect(await judged.counts(shop)).toEqual({ new: 0, known: 1, fixed: 0 });
    expect(await judged.events(shop)).toEqual([]);
  });

  test("with a namespace of the same name, after settle, starts empty", async () => {
    const { namespace, judged } = await setScene(bench, {
      prefix: "forgotten",
      before: (namespace) => [deployment({ name: "web", namespace })],
      baseline: { settle: "1s" },
    });

    await bench.deleteNamespace(namespace);
    await judged.until(async () => (await judged.baseline(namespace)) === undefined, {
      describe: "the end of the Baseline",
    });
    await bench.createNamespace(namespace);
    await bench.apply(deployment({ name: "web", namespace }));

    await judged.untilRows(namespace, [`Deployment.apps/web ${noLimit} New`]);
  });

  test("with a rule that an edit enables is adopted, and one Event tells it for the whole Policy", async () => {
    const { name, judged } = await wide("name", async (prefix) => {
      for (const namespace of [`${prefix}-one`, `${prefix}-two`]) {
        await bench.createNamespace(namespace);
        await bench.apply(deployment({ name: "web", namespace }));
      }
    });

    await bench.apply(
      policy(name, {
        match: { namespaces: { include: [`${name}-*`] } },
        rules: only("memory-limit", "liveness-probe"),
      }),
    );

    const rows = [
      "Deployment.apps/web liveness-probe containers[name=app].livenessProbe Known",
      `Deployment.apps/web ${noLimit} Known`,
    ];
    await judged.untilRows(`${name}-one`, rows);
    await judged.untilRows(`${name}-two`, rows);
    await judged.until(() => judged.news("RuleAdopted"), {
      describe: "the Event RuleAdopted",
      until: (news) => news.length > 0,
    });
    await judged.scan();
    expect(await judged.news("RuleAdopted")).toEqual([
      "Normal RuleAdopted What these rules found is known from now on: liveness-probe (2)",
    ]);
    expect([...(await judged.events(`${name}-one`)), ...(await judged.events(`${name}-two`))]).toEqual([]);
  });

  test("with other params of a rule is adopted, but what was New stays New", async () => {
    const registries = (...allowed: string[]) =>
      overriding({ id: "allowed-registries", params: { registries: allowed } });
    const from = (registry: string) => [container("app", { image: `${registry}/app:1.0` })];
    const { namespace, judged, spec } = await setScene(bench, {
      prefix: "params",
      before: (namespace) => [deployment({ name: "web", namespace, containers: from("one.example.com") })],
      rules: registries("one.example.com", "two.example.com"),
    });
    await bench.apply(deployment({ name: "worse", namespace, containers: from("three.example.com") }));
    await judged.untilCounts(namespace, { new: 1, known: 0 });

    await bench.apply(policy(namespace, { ...spec, rules: registries("two.example.com") }));

    await judged.untilRows(namespace, [
      "Deployment.apps/web allowed-registries containers[name=app].image Known",
      "Deployment.apps/worse allowed-registries containers[name=app].image New",
    ]);
  });

  test("through an edit of the Policy's match is adopted", async () => {
    const { namespace, judged, spec } = await setScene(bench, {
      prefix: "match",
      before: (namespace) => [deployment({ name: "web", namespace })],
    });
    await judged.untilYounger();
    const other = await bench.namespace("other");
    await bench.apply(deployment({ name: "web", namespace: other, labels: { tier: "front" } }));
    await bench.apply(deployment({ name: "batch", namespace, labels: { tier: "back" } }));
    await judged.untilCounts(namespace, { new: 1 });

    await bench.apply(
      policy(namespace, { ...spec, match: { ...spec.match, objectSelector: { matchLabels: { tier: "none" } } } }),
    );
    await judged.untilRows(namespace, []);
    expect(await judged.counts(namespace)).toEqual({ new: 0, known: 0, fixed: 0 });
    await bench.apply(policy(namespace, spec));

    await judged.untilRows(namespace, [
      `Deployment.apps/batch ${noLimit} Known`,
      `Deployment.apps/web ${noLimit} Known`,
    ]);
    await bench.apply(policy(namespace, { ...spec, match: { namespaces: { include: [namespace, other] } } }));
    await judged.untilRows(other, [`Deployment.apps/web ${noLimit} New`]);
  });

  test("with many namespaces that are labelled at once is adopted in all of them", async () => {
    const names = await Promise.all(Array.from({ length: 25 }, () => bench.namespace("many")));
    await Promise.all(names.map((namespace) => bench.apply(deployment({ name: "web", namespace }))));
    const { labels, judged } = await wide("label", async (prefix, own) =>
      bench.createNamespace(`${prefix}-inside`, own),
    );

    await bench.kubectl(["label", "namespace", ...names, `scene=${labels.scene}`]);

    for (const namespace of names) await judged.untilRows(namespace, [`Deployment.apps/web ${noLimit} Known`]);
    await judged.until(() => judged.status(), {
      describe: "a status that counts all namespaces",
      until: ({ summary }) => summary?.known === names.length && summary.new === 0,
    });
  });

  test("by an object's own labels is New, and what leaves by them is neither fixed nor forgotten", async () => {
    const namespace = await bench.namespace("selected");
    const front = { tier: "front" };
    await bench.apply(deployment({ name: "web", namespace, labels: front }));
    await bench.apply(deployment({ name: "batch", namespace, labels: { tier: "back" } }));
    const judged = new Judged(bench, namespace);
    const match = { namespaces: { include: [namespace] }, objectSelector: { matchLabels: front } };
    await bench.apply(policy(namespace, { match, rules: only("memory-limit") }));
    await judged.untilScanned();
    expect(await judged.rows(namespace)).toEqual([`Deployment.apps/web ${noLimit} Known`]);

    await bench.apply(deployment({ name: "batch", namespace, labels: front }));
    await judged.untilRows(namespace, [`Deployment.apps/batch ${noLimit} New`, `Deployment.apps/web ${noLimit} Known`]);
    await bench.apply(deployment({ name: "web", namespace, labels: { tier: "back" } }));
    await judged.untilRows(namespace, [`Deployment.apps/batch ${noLimit} New`]);
    await judged.scan();
    expect(await judged.counts(namespace)).toEqual({ new: 1, known: 0, fixed: 0 });
    await bench.apply(deployment({ name: "web", namespace, labels: front }));

    await judged.untilRows(namespace, [`Deployment.apps/batch ${noLimit} New`, `Deployment.apps/web ${noLimit} Known`]);
    expect(await judged.events(namespace)).toEqual([foundIn("batch")]);
  });
});
