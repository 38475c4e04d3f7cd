import { describe, expect, it } from "vitest";
import { JudgingPlan, planOf } from "../../src/engine/judging-plan.ts";
import type { ResourceView } from "../../src/engine/views/resource-view.ts";
import { allowedRegistries, livenessProbe, memoryLimit, noHostNetwork } from "./sample-rules.ts";
import { policyOf } from "./samples.ts";
import { viewOf } from "./view-of.ts";

const inPack = { packs: { recommended: {} } };
const rules = [memoryLimit, { ...livenessProbe, ...inPack }, { ...noHostNetwork, ...inPack, manifestsOnly: true }];
const policy = policyOf({}, { rules, manifests: true });

function asked(view: ResourceView): readonly string[] {
  return new JudgingPlan([policy])
    .of(view.kindName)
    .policies.flatMap((planned) => planned.rulesFor(view).map(({ id }) => id));
}

function slots(...policies: readonly (typeof policy)[]): readonly (readonly [string, number | undefined])[] {
  const view = viewOf("v1", "Pod");
  return new JudgingPlan(policies)
    .of("Pod")
    .policies.flatMap((planned) => planned.rulesFor(view))
    .flatMap(({ id, runs }) => runs.map(({ slot }) => [id, slot] as const));
}

describe("what is asked of an object", () => {
  it("is every rule that looks at its kind, sorted", () => {
    expect(asked(viewOf("v1", "Pod"))).toEqual(["liveness-probe", "memory-limit", "no-host-network"]);
  });

  it("leaves out rules about what runs for ever if it ends", () => {
    expect(asked(viewOf("v1", "Pod", { spec: { restartPolicy: "Never" } }))).toEqual([
      "memory-limit",
      "no-host-network",
    ]);
  });

  it("leaves out rules for manifests if it is live", () => {
    const metadata = { name: "x", namespace: "shop", uid: "4711" };
    expect(asked(viewOf("v1", "Pod", { metadata }))).toEqual(["liveness-probe", "memory-limit"]);
  });

  it("is nothing where no policy judges the kind", () => {
    expect(new JudgingPlan([policy]).of("Service").policies).toEqual([]);
  });
});

describe("a run", () => {
  const recommended = { ...memoryLimit, packs: { recommended: {} } };

  it("has a number where another policy asks the same", () => {
    const other = policyOf({}, { name: "other", rules: [recommended] });
    const own = policyOf({}, { rules: [recommended, { ...noHostNetwork, ...inPack }] });
    expect(slots(own, other)).toEqual([
      ["memory-limit", 0],
      ["no-host-network", undefined],
      ["memory-limit", 0],
    ]);
  });

  it("has none where the other policy asks with other parameters", () => {
    const ofRegistry = (name: string) => {
      const override = [{ id: allowedRegistries.id, params: { registries: [`${name}.example.com`] } }];
      return policyOf({ rules: { override } }, { name, rules: [allowedRegistries] });
    };
    expect(slots(ofRegistry("a"), ofRegistry("b"))).toEqual([
      ["allowed-registries", undefined],
      ["allowed-registries", undefined],
    ]);
  });

  it("has none where the other policy asks for another release", () => {
    const of = (minor: number) =>
      policyOf({}, { name: `of-${minor}`, rules: [recommended], release: { major: 1, minor } });
    expect(slots(of(35), of(36))).toEqual([
      ["memory-limit", undefined],
      ["memory-limit", undefined],
    ]);
  });
});

describe("the plan of a list of policies", () => {
  it("is made once for the very same list", () => {
    const policies = [policy];
    const plan = planOf(policies);
    expect(planOf(policies)).toBe(plan);
    expect(planOf([policy])).not.toBe(plan);
  });
});
