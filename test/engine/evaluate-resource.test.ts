import { describe, expect, it } from "vitest";
import { evaluateResource } from "../../src/engine/evaluate-resource.ts";
import type { Judged } from "../../src/engine/judged.ts";
import type { KubeObject } from "../../src/engine/resource.ts";
import { defineRule, type ResourceRule } from "../../src/engine/rule.ts";
import { borrows, memoryLimit, noHostNetwork } from "./sample-rules.ts";
import { context, deployment, live, pod, podSpec, policyOf, release, serviceAccount } from "./samples.ts";

const production = policyOf({});

function judge(object: KubeObject, ...policies: readonly (typeof production)[]): Judged {
  const judged = evaluateResource(object, policies.length === 0 ? [production] : policies, context);
  if (judged === undefined) throw new Error("not usable");
  return judged;
}

function found(object: KubeObject, policy = production): readonly string[] {
  const { violations = [] } = judge(object, policy).verdicts.get(policy.verdictKey) ?? {};
  return violations.map(({ rule, path, messageId }) => `${rule} ${path} ${messageId}`);
}

const limited = deployment("checkout", {}, podSpec([{ name: "app", memory: "1Gi" }]));

describe("an object that was judged", () => {
  it("is known by its identity, uid, version and age", () => {
    expect(judge(deployment("checkout"))).toMatchObject({
      id: { group: "apps", kind: "Deployment", namespace: "shop", name: "checkout" },
      uid: "uid-Deployment-shop-checkout",
      resourceVersion: "7",
      createdAt: Date.parse("2026-11-21T07:25:00Z"),
      role: "judged",
    });
  });

  it("holds its violations with rule, place, arguments, value and severity", () => {
    expect(judge(deployment("checkout")).verdicts.get(production.verdictKey)?.violations).toEqual([
      {
        rule: "memory-limit",
        path: "containers[name=app].resources.limits.memory",
        messageId: "missing",
        data: { container: "app" },
        value: "none",
        severity: "High",
      },
    ]);
  });

  it("leaves nothing but its identity when it is clean", () => {
    expect(Object.keys(judge(limited)).sort()).toEqual([
      "createdAt",
      "id",
      "inScope",
      "resourceVersion",
      "role",
      "uid",
      "verdicts",
    ]);
  });

  it("shares its empty collections with every other clean object", () => {
    const [a, b] = [judge(limited), judge(deployment("other", {}, podSpec([{ name: "app", memory: "1Gi" }])))];
    expect([a.verdicts === b.verdicts, a.inScope === b.inScope]).toEqual([true, true]);
  });

  it("does not hold on to the object", () => {
    const seen = new Set<unknown>();
    const walk = (value: unknown): void => {
      if (typeof value !== "object" || value === null || seen.has(value)) return;
      seen.add(value);
      const inner = value instanceof Map ? [...value.keys(), ...value.values()] : Object.values(value);
      for (const one of inner) walk(one);
    };
    const object = deployment("checkout");
    walk(judge(object));
    expect([object, object.metadata, object.spec].some((part) => seen.has(part))).toBe(false);
  });

  it("keeps shape, elements and labels where something was found", () => {
    const { trace } = judge(deployment("checkout", { labels: { tier: "web" } }));
    expect([trace?.shape.startsWith("v1-"), trace?.elements.length, trace?.labels]).toEqual([
      true,
      1,
      new Map([["tier", "web"]]),
    ]);
  });

  it("is undefined if the object does not say what it is", () => {
    expect(evaluateResource({ metadata: { name: "x" } }, [production], context)).toBeUndefined();
  });

  it("has the instant 0 where it does not say when it was created", () => {
    expect(judge({ apiVersion: "v1", kind: "Pod", metadata: { name: "x" } }).createdAt).toBe(0);
  });

  it("takes its severity from the policy", () => {
    const policy = policyOf({ rules: { override: [{ id: "memory-limit", severity: "Low" }] } });
    expect(judge(deployment("a"), policy).verdicts.get(policy.verdictKey)?.violations[0]?.severity).toBe("Low");
  });
});

describe("scope", () => {
  const shops = policyOf({ match: { namespaces: { include: ["shop"] } } }, { name: "shops" });
  const web = policyOf({ match: { objectSelector: { matchLabels: { tier: "web" } } } }, { name: "web" });

  it("is told by policy", () => {
    expect(judge(limited, production, shops, web).inScope).toEqual([production.verdictKey, shops.verdictKey]);
  });

  it("leaves out what is in another namespace, with its violations", () => {
    const judged = judge(deployment("a", { namespace: "bank" }), shops);
    expect([judged.inScope, judged.verdicts.size]).toEqual([[], 0]);
  });

  it("leaves out kinds that no rule names", () => {
    expect(judge(serviceAccount("robot")).inScope).toEqual([]);
  });

  it("takes a namespace selector's word from the labels it is given", () => {
    const named = policyOf({
      match: { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "shop" } } },
    });
    expect(["shop", "bank"].map((namespace) => judge(deployment("a", { namespace }), named).inScope.length)).toEqual([
      1, 0,
    ]);
  });

  it("has no object of a namespace that is not known for a policy that selects by labels", () => {
    const named = policyOf({ match: { namespaceSelector: { matchLabels: { env: "prod" } } } });
    const judged = evaluateResource(limited, [named], { namespaceLabels: () => undefined });
    expect(judged?.inScope).toEqual([]);
  });

  it("judges by several policies alone, each with its own severity", () => {
    const strict = policyOf(
      { rules: { override: [{ id: "memory-limit", severity: "Critical" }] } },
      { name: "strict" },
    );
    const { verdicts } = judge(deployment("a"), production, strict);
    expect([...verdicts.values()].map(({ violations }) => violations[0]?.severity)).toEqual(["High", "Critical"]);
  });
});

describe("a rule that several policies share", () => {
  it("runs once for an object", () => {
    let runs = 0;
    const counting: ResourceRule<Record<string, never>, Record<string, string>> = {
      ...noHostNetwork,
      packs: { recommended: {} },
      check: () => void runs++,
    };
    const policies = ["a", "b"].map((name) => policyOf({}, { name, rules: [counting] }));
    evaluateResource(limited, policies, context);
    expect(runs).toBe(1);
  });
});

describe("a rule with several parameter sets", () => {
  const both = policyOf({ rules: { packs: ["recommended", "strict"], disable: ["owner-label", "no-probe-host"] } });

  it("finds once what it finds under each", () => {
    expect(found(deployment("a"), both)).toEqual(["memory-limit containers[name=app].resources.limits.memory missing"]);
  });

  it("finds what it finds under one of them", () => {
    expect(found(limited, both)).toEqual(["memory-limit containers[name=app].resources.limits.memory given"]);
  });
});

describe("what a rule reports", () => {
  function reporting(...reports: readonly { path: string; n: number; value?: string }[]) {
    const rule = defineRule({
      ...noHostNetwork,
      packs: { recommended: {} },
      messages: { some: "Number {n}" },
      check({ report }) {
        for (const { path, n, value } of reports)
          report("some", { path, data: { n }, ...(value === undefined ? {} : { value }) });
      },
    });
    const policy = policyOf({}, { rules: [rule] });
    return judge(limited, policy).verdicts.get(policy.verdictKey)?.violations ?? [];
  }

  it("counts once in the very same words", () => {
    expect(reporting({ path: "a", n: 1 }, { path: "a", n: 1 })).toHaveLength(1);
  });

  it("counts again with other arguments", () => {
    expect(reporting({ path: "a", n: 1 }, { path: "a", n: 2 })).toHaveLength(2);
  });

  it("is sorted by place, whatever order it was reported in", () => {
    const paths = (list: readonly { path: string }[]) => list.map(({ path }) => path);
    expect(paths(reporting({ path: "b", n: 1 }, { path: "a", n: 2 }))).toEqual(["a", "b"]);
  });

  it("shows at most 64 characters of a value", () => {
    expect(reporting({ path: "a", n: 1, value: "x".repeat(100) })[0]?.value).toBe(`${"x".repeat(63)}…`);
  });
});

describe("rules and kinds", () => {
  it("about what keeps running leave a Pod alone that ends", () => {
    const policy = policyOf({ rules: { packs: ["reliability"] } });
    const pods = ["Always", "Never"].map((restartPolicy) =>
      pod("a", {}, podSpec([{ name: "app" }], { restartPolicy })),
    );
    expect(pods.map((one) => found(one, policy).length)).toEqual([1, 0]);
  });

  it("for manifests leave live objects alone", () => {
    const policy = policyOf({ rules: { packs: ["argo"] } }, { manifests: true });
    const { metadata, ...others } = live("apps/v1", "Deployment", "a", {}, { spec: {} });
    const manifest = { ...others, metadata: { name: "a" } };
    expect([{ ...others, metadata }, manifest].map((one) => found(one, policy).length)).toEqual([0, 1]);
  });

  it("check the group of a kind", () => {
    expect(
      found(
        live("example.com/v1", "Deployment", "a", {}, { spec: { template: { spec: podSpec([{ name: "app" }]) } } }),
      ),
    ).toEqual([]);
  });
});

describe("a rule that reads other namespaces", () => {
  const policy = policyOf({ rules: { packs: ["reliability"] } }, { rules: [borrows] });

  it.each([
    ["bank", ["bank"]],
    ["*", "all"],
  ])("says with its subject %s which", (from, namespaces) => {
    const borrower = live("v1", "ConfigMap", "borrower", {}, { data: { from } });
    expect(judge(borrower, policy).verdicts.get(policy.verdictKey)?.subjects).toEqual([
      { rule: "borrows", set: 0, subject: from, elsewhere: { kinds: ["ServiceAccount"], namespaces } },
    ]);
  });

  it("says nothing where it has no subject", () => {
    const careless = { ...borrows, collect: () => undefined, elsewhere: () => ["bank"] };
    const silent = policyOf({ rules: { packs: ["reliability"] } }, { rules: [careless] });
    expect(judge(live("v1", "ConfigMap", "borrower"), silent).verdicts.size).toBe(0);
  });
});

describe("a rule that throws", () => {
  const policy = policyOf({ rules: { packs: ["recommended"], override: [{ id: "fragile", severity: "Low" }] } });
  const broken = live("v1", "ConfigMap", "settings", { labels: { break: "this" } });

  it("is a problem with rule, resource, class and first line", () => {
    expect(judge(broken, policy).verdicts.get(policy.verdictKey)?.problems).toEqual([
      { rule: "fragile", resource: "ConfigMap/settings", reason: "TypeError: cannot read this" },
    ]);
  });

  it("has found nothing, whatever it reported before", () => {
    expect(judge(broken, policy).verdicts.get(policy.verdictKey)?.violations).toEqual([]);
  });

  it("does not touch the other rules", () => {
    const both = policyOf(
      {},
      {
        rules: [
          memoryLimit,
          {
            ...noHostNetwork,
            packs: { recommended: {} },
            check: () => {
              throw "x";
            },
          },
        ],
      },
    );
    const { violations, problems } = judge(deployment("a"), both).verdicts.get(both.verdictKey) ?? {};
    expect([violations?.length, problems?.[0]?.reason]).toEqual([1, "threw a string"]);
  });
});

describe("a folded object", () => {
  const byReplicaSet = ["apps/v1", "ReplicaSet", "checkout-5d8"] as const;
  const folded = pod("checkout-5d8-x2f", { controller: byReplicaSet });
  const debug = { ephemeralContainers: [{ name: "debug" }], hostNetwork: true };
  const debugged = pod("checkout-5d8-x2f", { controller: byReplicaSet }, podSpec([{ name: "app" }], debug));
  const baseline = policyOf({ rules: { packs: ["recommended", "pss-baseline"] } });

  it("is in no scope and has nothing found on it", () => {
    expect(judge(folded)).toMatchObject({ role: "folded", inScope: [], verdicts: new Map() });
  });

  it("leads on to its own controller, if it is no Pod", () => {
    const replicaSet = live("apps/v1", "ReplicaSet", "checkout-5d8", {
      controller: ["apps/v1", "Deployment", "checkout"],
    });
    expect([judge(replicaSet).controller, judge(folded).controller]).toEqual([
      { kind: "Deployment.apps", name: "checkout" },
      undefined,
    ]);
  });

  it("has its ephemeral containers judged, and only those", () => {
    expect(found(debugged, baseline)).toEqual([
      "memory-limit ephemeralContainers[name=debug].resources.limits.memory missing",
    ]);
  });

  it("has them judged where its controller may be in scope although its own labels are not", () => {
    const web = policyOf({ match: { objectSelector: { matchLabels: { tier: "web" } } } });
    const judged = judge(debugged, web);
    expect([judged.inScope, judged.verdicts.size]).toEqual([[], 1]);
  });

  it("is judged whole where its owner has no pod template", () => {
    expect(found(pod("static", { controller: ["v1", "Node", "node-1"] }))).toHaveLength(1);
  });
});

describe("facts for the inventory", () => {
  const rbac = policyOf({ rules: { packs: ["rbac"] } });
  const network = policyOf({ rules: { packs: ["network"] } });

  it("are taken of kinds that a rule reads", () => {
    expect(judge(serviceAccount("robot"), rbac).facts).toEqual({
      id: { group: "", kind: "ServiceAccount", namespace: "shop", name: "robot" },
    });
  });

  it("are not taken of others", () => {
    expect(judge(serviceAccount("robot"), network).facts).toBeUndefined();
  });

  it("are taken where no policy judges, because other namespaces may refer to them", () => {
    const banks = policyOf({ rules: { packs: ["rbac"] }, match: { namespaces: { include: ["bank"] } } });
    expect(judge(serviceAccount("robot"), banks).facts).toBeDefined();
  });

  it("of workloads hold their pod labels", () => {
    expect(judge(deployment("checkout"), network).facts).toMatchObject({ podLabels: new Map([["app", "checkout"]]) });
  });

  it("are not taken of folded workloads", () => {
    expect(
      judge(live("apps/v1", "ReplicaSet", "a", { controller: ["apps/v1", "Deployment", "b"] }), network).facts,
    ).toBeUndefined();
  });
});

describe("the release", () => {
  it("that a rule sees is the policy's", () => {
    const seen: unknown[] = [];
    const asking = {
      ...noHostNetwork,
      packs: { recommended: {} },
      check: ({ context: of }: { context: unknown }) => void seen.push(of),
    };
    evaluateResource(limited, [policyOf({}, { rules: [asking] })], context);
    expect(seen).toEqual([{ release }]);
  });
});
