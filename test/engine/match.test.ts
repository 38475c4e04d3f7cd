import { describe, expect, it } from "vitest";
import { PolicyMatch } from "../../src/api/policy-match.ts";
import { compileMatch, ledgerNamespace, matchEquals } from "../../src/engine/match.ts";

const workload = { group: "apps", kind: "Deployment", namespace: "shop-eu", name: "checkout" };
const clusterRole = { group: "rbac.authorization.k8s.io", kind: "ClusterRole", namespace: "", name: "admin" };
const namespace = { group: "", kind: "Namespace", namespace: "", name: "shop-eu" };
const noLabels: ReadonlyMap<string, string> = new Map();

function matcher(match: Readonly<Record<string, unknown>>) {
  return compileMatch(PolicyMatch.parse(match));
}

describe("a match", () => {
  it("takes everything when it is empty", () => {
    const all = matcher({});
    expect([workload, clusterRole, namespace].map((id) => all.matches(id, noLabels, noLabels))).toEqual([
      true,
      true,
      true,
    ]);
  });

  it("takes the namespaces that are included", () => {
    expect(matcher({ namespaces: { include: ["shop-*"] } }).matches(workload, noLabels, noLabels)).toBe(true);
  });

  it("leaves out the namespaces that are not included", () => {
    expect(matcher({ namespaces: { include: ["bank-*"] } }).matches(workload, noLabels, noLabels)).toBe(false);
  });

  it("leaves out what is excluded although it is included", () => {
    const match = { namespaces: { include: ["shop-*"], exclude: ["*-eu"] } };
    expect(matcher(match).matches(workload, noLabels, noLabels)).toBe(false);
  });

  it("selects namespaces by label", () => {
    const prod = matcher({ namespaceSelector: { matchLabels: { env: "prod" } } });
    const labels = ["prod", "test"].map((env) => new Map([["env", env]]));
    expect(labels.map((of) => prod.matches(workload, noLabels, of))).toEqual([true, false]);
  });

  it("selects nothing in a namespace whose labels are not known, not even by absence", () => {
    const notTest = matcher({ namespaceSelector: { matchExpressions: [{ key: "test", operator: "DoesNotExist" }] } });
    expect(notTest.matches(workload, noLabels, undefined)).toBe(false);
  });

  it("selects objects by their own labels", () => {
    const web = matcher({ objectSelector: { matchExpressions: [{ key: "tier", operator: "In", values: ["web"] }] } });
    const labels = [new Map([["tier", "web"]]), noLabels];
    expect(labels.map((of) => web.matches(workload, of, noLabels))).toEqual([true, false]);
  });

  it("does not credit labels that controllers add to Pods", () => {
    const hashed = matcher({
      objectSelector: { matchExpressions: [{ key: "pod-template-hash", operator: "Exists" }] },
    });
    expect(hashed.matches(workload, noLabels, noLabels)).toBe(false);
  });

  it("holds only if all parts do", () => {
    const both = matcher({ namespaces: { include: ["shop-*"] }, objectSelector: { matchLabels: { tier: "web" } } });
    expect(both.matches(workload, noLabels, noLabels)).toBe(false);
  });

  it("takes a Namespace by its own name", () => {
    const shops = matcher({ namespaces: { include: ["shop-*"] } });
    const other = { ...namespace, name: "bank" };
    expect([namespace, other].map((id) => shops.matches(id, noLabels, undefined))).toEqual([true, false]);
  });

  it("takes a Namespace by its own labels", () => {
    const prod = matcher({ namespaceSelector: { matchLabels: { env: "prod" } } });
    expect(prod.matches(namespace, new Map([["env", "prod"]]), undefined)).toBe(true);
  });

  it("takes a Namespace whatever is said about cluster-scoped resources", () => {
    expect(matcher({ clusterResources: "Exclude" }).matches(namespace, noLabels, undefined)).toBe(true);
  });

  it.each([
    [{}, true],
    [{ namespaces: {} }, true],
    [{ namespaceSelector: {} }, true],
    [{ objectSelector: { matchLabels: { a: "b" } } }, true],
    [{ namespaces: { include: ["shop-*"] } }, false],
    [{ namespaces: { exclude: ["kube-system"] } }, false],
    [{ namespaceSelector: { matchLabels: { env: "prod" } } }, false],
    [{ namespaces: { include: ["shop-*"] }, clusterResources: "Include" }, true],
    [{ clusterResources: "Exclude" }, false],
  ])("%j: cluster-scoped resources in scope is %s", (match, expected) => {
    expect(matcher(match).clusterResources).toBe(expected);
  });

  it("leaves out a cluster-scoped resource when they are not in scope", () => {
    expect(matcher({ clusterResources: "Exclude" }).matches(clusterRole, noLabels, undefined)).toBe(false);
  });

  it("names kinds one by one and by group", () => {
    const kinds = matcher({ kinds: ["Pod", "Widget.example.com", "*.argoproj.io"] });
    const asked = ["Pod", "Pod.metrics.k8s.io", "Widget.example.com", "Rollout.argoproj.io", "Rollout.example.com"];
    expect(asked.filter((kind) => kinds.namesKind(kind))).toEqual(["Pod", "Widget.example.com", "Rollout.argoproj.io"]);
  });
});

describe("two matches", () => {
  it("are equal whatever the order of their fields", () => {
    const a = PolicyMatch.parse({
      namespaces: { include: ["a"] },
      objectSelector: { matchLabels: { x: "1", y: "2" } },
    });
    const b = PolicyMatch.parse({
      objectSelector: { matchLabels: { y: "2", x: "1" } },
      namespaces: { include: ["a"] },
    });
    expect(matchEquals(a, b)).toBe(true);
  });

  it("differ if one selects more", () => {
    expect(matchEquals(PolicyMatch.parse({}), PolicyMatch.parse({ namespaces: { include: ["a"] } }))).toBe(false);
  });
});

describe("the ledger of a resource", () => {
  it.each([
    [workload, "shop-eu"],
    [namespace, "shop-eu"],
    [clusterRole, undefined],
  ])("of %j is %s", (id, ledger) => {
    expect(ledgerNamespace(id)).toBe(ledger);
  });
});
