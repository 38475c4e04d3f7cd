import { describe, expect, it } from "vitest";
import {
  coversResource,
  coversVerb,
  type GrantEntry,
  grantsOf,
  isBuiltInRbac,
} from "../../../src/engine/views/rbac.ts";
import { viewResource } from "../../../src/engine/views/resource-view.ts";

function role(rules: unknown, labels: object = {}) {
  const view = viewResource({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "Role",
    metadata: { name: "system:role", labels },
    rules,
  });
  if (view === undefined) throw new Error("the object says nothing");
  return view;
}

const entry = (apiGroups: string[], resources: string[], verbs: string[] = []): GrantEntry => ({
  apiGroups,
  resources,
  verbs,
  resourceNames: [],
});

describe("the grants of a role", () => {
  it("are its entries on resources", () => {
    const rules = [{ apiGroups: [""], resources: ["pods", 1], verbs: ["get"], resourceNames: ["a"] }];
    expect(grantsOf(role(rules))).toEqual([
      { apiGroups: [""], resources: ["pods"], verbs: ["get"], resourceNames: ["a"] },
    ]);
  });

  it.each([
    [{ nonResourceURLs: ["*"], verbs: ["*"] }],
    [{ resources: ["pods"], verbs: ["get"] }],
    [{ apiGroups: [""], verbs: ["get"] }],
    ["pods"],
  ])("do not hold %j", (rule) => {
    expect(grantsOf(role([rule]))).toEqual([]);
  });

  it.each([
    [entry([""], ["pods"]), "", "pods"],
    [entry(["*"], ["pods"]), "", "pods"],
    [entry([""], ["*"]), "", "pods/exec"],
    [entry([""], ["*/exec"]), "", "pods/exec"],
  ])("%j cover %s %s", (one, group, resource) => {
    expect(coversResource(one, group, resource)).toBe(true);
  });

  it.each([
    [entry(["apps"], ["pods"]), "", "pods"],
    [entry([""], ["pods"]), "", "pods/exec"],
    [entry([""], ["pods/*"]), "", "pods/exec"],
    [entry([""], ["*/exec"]), "", "pods"],
    [entry([""], ["pods/exec"]), "", "pods"],
  ])("%j do not cover %s %s", (one, group, resource) => {
    expect(coversResource(one, group, resource)).toBe(false);
  });

  it("cover a verb by name, by wildcard, or when any is meant", () => {
    expect(coversVerb(entry([""], ["pods"], ["get"]), ["get", "list"])).toBe(true);
    expect(coversVerb(entry([""], ["pods"], ["*"]), ["get"])).toBe(true);
    expect(coversVerb(entry([""], ["pods"], []), [])).toBe(true);
    expect(coversVerb(entry([""], ["pods"], ["list"]), ["get"])).toBe(false);
  });
});

describe("built-in RBAC objects", () => {
  it("are known by their label, not by their name", () => {
    expect(isBuiltInRbac(role([], { "kubernetes.io/bootstrapping": "rbac-defaults" }))).toBe(true);
    expect(isBuiltInRbac(role([]))).toBe(false);
  });
});
