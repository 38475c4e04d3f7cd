import { describe, expect, test } from "vitest";
import { untilAllowed, withoutRightTo } from "./access.ts";
import { useBench } from "./bench.ts";
import { type CustomKind, customObject, installKind } from "./custom-kinds.ts";
import { Judged } from "./judged.ts";
import { type Manifest, policy } from "./objects.ts";

const bench = useBench();

const application: CustomKind = { group: "argoproj.io", kind: "Application", version: "v1alpha1" };
const applications = { group: "argoproj.io", resource: "applications" };

/** What somebody applies who wants the kind to be scanned. */
const grant: Manifest = {
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "ClusterRole",
  metadata: { name: "scan-applications", labels: { "rbac.pawl.dev/aggregate-to-scan": "true" } },
  rules: [{ apiGroups: ["argoproj.io"], resources: ["applications"], verbs: ["list", "watch"] }],
};

async function deliver(namespace: string): Promise<Judged> {
  await bench.create(customObject(application, { namespace, name: "shop" }, { spec: { project: "default" } }));
  await bench.apply(policy(namespace, { match: { namespaces: { include: [namespace] } }, rules: { packs: ["argo"] } }));
  const judged = new Judged(bench, namespace);
  await judged.untilScanned();
  return judged;
}

const found = [
  "Application.argoproj.io/shop argo-namespace metadata.namespace Known",
  "Application.argoproj.io/shop no-argo-default-project spec.project Known",
];

describe("a kind of another project that rules name", () => {
  test("is granted with the rules, and kinds beside it that are not installed are no hole", async () => {
    await installKind(bench, application);
    const namespace = await bench.namespace("argo");

    const judged = await deliver(namespace);

    expect(await judged.rows(namespace)).toEqual(found);
    expect((await judged.status()).coverage).toEqual({ percent: 100, holes: [] });
    expect(await judged.conditions()).toEqual(["Ready=True InForce"]);
  });

  test("is a hole where it may not be listed, and is judged once a labelled ClusterRole grants it", async () => {
    await installKind(bench, application);
    const namespace = await bench.namespace("argo-granted");
    await withoutRightTo(bench, applications, async () => {
      const judged = await deliver(namespace);
      const [hole] = (await judged.status()).coverage?.holes ?? [];
      expect(hole).toMatchObject({ kind: "Application.argoproj.io", reason: "Forbidden" });
      expect(hole?.message).toContain('a ClusterRole with the label rbac.pawl.dev/aggregate-to-scan: "true"');

      await bench.apply(grant);
      await untilAllowed(bench, applications, true);

      // Nobody asks for a scan: the kind is tried again by itself.
      await judged.untilRows(namespace, found, { timeoutMs: 60_000 });
      await judged.until(() => judged.status(), {
        describe: "full coverage",
        until: ({ coverage }) => coverage?.percent === 100 && coverage.holes?.length === 0,
      });
    });
  });
});
