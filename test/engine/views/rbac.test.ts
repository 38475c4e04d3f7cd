import { describe, expect, it } from "vitest";
import { grantsOf, isBuiltInRbac, roleRefOf, subjectsOf } from "../../../src/engine/views/rbac.ts";
import { viewResource } from "../../../src/engine/views/resource-view.ts";

function rbac(kind: string, fields: object, labels: object = {}) {
  const view = viewResource({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind,
    metadata: { name: "system:role", labels },
    ...fields,
  });
  if (view === undefined) throw new Error("the object says nothing");
  return view;
}

describe("the grants of a role", () => {
  it("are its entries on resources", () => {
    const rules = [{ apiGroups: [""], resources: ["pods", 1], verbs: ["get"], resourceNames: ["a"] }];
    expect(grantsOf(rbac("Role", { rules }))).toEqual([
      { apiGroups: [""], resources: ["pods"], verbs: ["get"], resourceNames: ["a"] },
    ]);
  });

  it.each([
    [{ nonResourceURLs: ["*"], verbs: ["*"] }],
    [{ resources: ["pods"], verbs: ["get"] }],
    [{ apiGroups: [""], verbs: ["get"] }],
    ["pods"],
  ])("do not hold %j", (rule) => {
    expect(grantsOf(rbac("Role", { rules: [rule] }))).toEqual([]);
  });
});

describe("a binding", () => {
  it("names its subjects in the order written", () => {
    const subjects = [
      { kind: "ServiceAccount", name: "ci", namespace: "build" },
      { kind: "Group", name: "ops", namespace: "" },
      { name: "nobody" },
      { kind: "User", name: "" },
      { kind: "User", name: 7 },
      null,
    ];
    expect(subjectsOf(rbac("RoleBinding", { subjects }))).toEqual([
      { kind: "ServiceAccount", name: "ci", namespace: "build" },
      { kind: "Group", name: "ops", namespace: undefined },
      { kind: "", name: "nobody", namespace: undefined },
    ]);
  });

  it.each([
    [
      { kind: "ClusterRole", name: "view" },
      { kind: "ClusterRole", name: "view" },
    ],
    [{ name: "view" }, { kind: "", name: "view" }],
    [{ kind: "Role", name: "" }, undefined],
    [undefined, undefined],
  ])("with the roleRef %j names %j", (roleRef, expected) => {
    expect(roleRefOf(rbac("RoleBinding", { roleRef }))).toEqual(expected);
  });
});

describe("built-in RBAC objects", () => {
  it("are known by their label, not by their name", () => {
    expect(isBuiltInRbac(rbac("Role", {}, { "kubernetes.io/bootstrapping": "rbac-defaults" }))).toBe(true);
    expect(isBuiltInRbac(rbac("Role", {}))).toBe(false);
  });
});
