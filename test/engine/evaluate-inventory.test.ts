import { describe, expect, it } from "vitest";
import { evaluateInventory } from "../../src/engine/evaluate-inventory.ts";
import { evaluateResource } from "../../src/engine/evaluate-resource.ts";
import { InventoryStore } from "../../src/engine/inventory-store.ts";
import type { KubeObject } from "../../src/engine/resource.ts";
import { context, deployment, pod, podSpec, policyOf, service, serviceAccount } from "./samples.ts";

const rbac = policyOf({ rules: { packs: ["rbac"] } });
const network = policyOf({ rules: { packs: ["network"] } });

function judge(
  policy: typeof rbac,
  objects: readonly KubeObject[],
  isComplete: (kind: string) => boolean = () => true,
) {
  const judged = objects
    .map((object) => evaluateResource(object, [policy], context))
    .filter((one) => one !== undefined);
  const inventory = new InventoryStore();
  for (const { facts } of judged) if (facts !== undefined) inventory.upsert(facts);
  const found = evaluateInventory(policy, judged, inventory, isComplete);
  const violations = [...found.violations].map(
    ([{ id }, list]) => `${id.name}: ${list.map(({ rule, value }) => `${rule} ${value ?? ""}`).join()}`,
  );
  return { ...found, violations };
}

const usingRobot = (name: string, others: Readonly<Record<string, unknown>> = {}) =>
  deployment(name, {}, podSpec([{ name: "app" }], { serviceAccountName: "robot", ...others }));

describe("an inventory rule", () => {
  it("finds what is not there", () => {
    expect(judge(rbac, [usingRobot("checkout")]).violations).toEqual(["checkout: service-account-exists robot"]);
  });

  it("is content once it is there", () => {
    expect(judge(rbac, [usingRobot("checkout"), serviceAccount("robot")]).violations).toEqual([]);
  });

  it("does not look into other namespaces", () => {
    expect(
      judge(rbac, [usingRobot("checkout"), serviceAccount("robot", { namespace: "bank" })]).violations,
    ).toHaveLength(1);
  });

  it("reads all workloads where it says so", () => {
    const objects = [service("web", { app: "checkout" }), service("old", { app: "gone" }), deployment("checkout")];
    expect(judge(network, objects).violations).toEqual(["old: service-target "]);
  });

  it("is silent while a kind that it reads is incomplete, and says which", () => {
    const { violations, unverified } = judge(rbac, [usingRobot("checkout")], (kind) => kind !== "ServiceAccount");
    expect([violations, unverified]).toEqual([[], new Map([["service-account-exists", "ServiceAccount"]])]);
  });

  it("that reads workloads is silent while any workload kind is incomplete", () => {
    const { unverified } = judge(network, [service("old", { app: "gone" })], (kind) => kind !== "CronJob.batch");
    expect(unverified).toEqual(new Map([["service-target", "CronJob.batch"]]));
  });

  it("is not silent when a kind is incomplete that it does not read", () => {
    expect(judge(rbac, [usingRobot("checkout")], (kind) => kind !== "Service").unverified).toEqual(new Map());
  });

  it("runs under every distinct parameter set, and equal violations are one", () => {
    const override = [{ id: "service-account-exists", params: { ignore: ["robot"] } }];
    const ignoring = policyOf({ rules: { packs: ["rbac"], override } });
    expect(judge(ignoring, [usingRobot("checkout")]).violations).toEqual([]);
  });

  it("that throws is a problem of that resource and no end", () => {
    const broken = deployment("broken", {}, podSpec([{ name: "app" }], { serviceAccountName: "break" }));
    const { violations, problems } = judge(rbac, [broken, usingRobot("checkout")]);
    expect(violations).toEqual(["checkout: service-account-exists robot"]);
    expect(problems).toEqual([
      { rule: "service-account-exists", resource: "Deployment.apps/broken", reason: "RangeError: no such account" },
    ]);
  });

  it("finds nothing on a folded Pod but what its ephemeral containers show", () => {
    const spec = podSpec([{ name: "app" }], { serviceAccountName: "robot", ephemeralContainers: [{ name: "debug" }] });
    expect(judge(rbac, [pod("x", { controller: ["apps/v1", "ReplicaSet", "web"] }, spec)]).violations).toEqual([]);
  });

  it("takes its severity from the policy", () => {
    const override = [{ id: "service-account-exists", severity: "Critical" }];
    const policy = policyOf({ rules: { packs: ["rbac"], override } });
    const judged = evaluateResource(usingRobot("checkout"), [policy], context);
    const { violations } = evaluateInventory(
      policy,
      judged === undefined ? [] : [judged],
      new InventoryStore(),
      () => true,
    );
    expect([...violations.values()].flat().map(({ severity }) => severity)).toEqual(["Critical"]);
  });

  it("ignores what was collected for another version of the policy", () => {
    const judged = evaluateResource(usingRobot("checkout"), [network], context);
    expect(
      evaluateInventory(rbac, judged === undefined ? [] : [judged], new InventoryStore(), () => true).violations.size,
    ).toBe(0);
  });
});
