import { expect, onTestFinished, test } from "vitest";
import { useBench } from "./bench.ts";
import { ConversionWebhook } from "./conversion-webhook.ts";
import { type CustomKind, customObject, grantScan, installKind } from "./custom-kinds.ts";
import { Judged } from "./judged.ts";
import { deployment, only, policy } from "./objects.ts";
import { setScene } from "./scene.ts";

const bench = useBench({ audit: true });

test("LEDGER 3.1 no report is written, and no baseline, until every kind in scope was listed", {
  timeout: 120_000,
}, async () => {
  const other = await setScene(bench, {
    prefix: "other",
    before: (within) => [deployment({ name: "web", namespace: within })],
  });
  const kind: CustomKind = { group: "slow.example.com", kind: "Turtle" };
  const namespace = await bench.namespace("first");
  await installKind(bench, kind);
  await grantScan(bench, kind.group);
  await bench.create(customObject(kind, { namespace, name: "one" }));
  await bench.apply(deployment({ name: "web", namespace }));
  const webhook = await ConversionWebhook.start();
  onTestFinished(() => webhook.stop());
  await webhook.convert(bench, kind);

  const judged = new Judged(bench, namespace);
  await bench.apply(
    policy(namespace, {
      match: { namespaces: { include: [namespace] }, kinds: [`${kind.kind}.${kind.group}`] },
      rules: only("memory-limit"),
    }),
  );
  await webhook.asked;
  // The operator works on meanwhile: another policy that judges the same Deployments has reported twice by now.
  for (const worse of [1, 2]) {
    await bench.apply(deployment({ name: `worse-${worse}`, namespace: other.namespace }));
    await other.judged.untilCounts(other.namespace, { new: worse, known: 1 });
  }
  expect(await judged.report(namespace)).toBeUndefined();
  const opened = Date.now();
  webhook.open();

  await judged.untilCounts(namespace, { new: 0, known: 1 });
  const created = bench
    .audited()
    .flatMap(({ verb, stage, objectRef, requestReceivedTimestamp }) =>
      verb === "create" &&
      stage === "ResponseComplete" &&
      [namespace, `${namespace}.ns.${namespace}`].includes(objectRef?.name ?? "")
        ? [{ resource: objectRef?.resource, early: Date.parse(requestReceivedTimestamp) < opened }]
        : [],
    );
  expect(created).toEqual([
    { resource: "baselines", early: false },
    { resource: "scanreports", early: false },
  ]);
});
