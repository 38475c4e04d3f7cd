import { describe, expect, it } from "vitest";
import { forbiddenSubjects } from "../../../src/engine/views/forbidden-subjects.ts";
import { viewResource } from "../../../src/engine/views/resource-view.ts";

function binding(subjects: readonly object[], others: object = {}, labels: object = {}) {
  const view = viewResource({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
    metadata: { name: "team", namespace: "shop", labels },
    roleRef: { kind: "ClusterRole", name: "edit" },
    subjects,
    ...others,
  });
  if (view === undefined) throw new Error("the object says nothing");
  return view;
}

const everybody = () => true;

describe("forbidden subjects", () => {
  it("are those that the rule picks, with the role", () => {
    const view = binding([
      { kind: "Group", name: "ops" },
      { kind: "User", name: "anna" },
    ]);
    expect(forbiddenSubjects(view, ({ kind }) => kind === "Group")).toEqual([
      { path: "subjects", class: "ops", data: { role: "edit", subject: "Group ops" }, value: "Group ops" },
    ]);
  });

  it.each([
    [{ kind: "ServiceAccount", name: "ci", namespace: "build" }, "ServiceAccount build/ci"],
    [{ kind: "ServiceAccount", name: "ci" }, "ServiceAccount ci"],
    [{ kind: "Group", name: "ops", namespace: "build" }, "Group ops"],
    [{ name: "ops" }, "subject ops"],
    [{ kind: "User", name: "a\nb" }, "User a\\u000ab"],
  ])("such as %j are shown as %s", (subject, text) => {
    expect(forbiddenSubjects(binding([subject]), everybody).map(({ data }) => data.subject)).toEqual([text]);
  });

  it("are told where the binding names no role", () => {
    const [found] = forbiddenSubjects(binding([{ kind: "User", name: "anna" }], { roleRef: {} }), everybody);
    expect(found?.data.role).toBe("no role");
  });

  it("have a name on one line", () => {
    const [found] = forbiddenSubjects(binding([{ kind: "User", name: "a\nb" }]), everybody);
    expect(found?.class).toBe("a\\u000ab");
  });

  it("are not those of bindings that the API server keeps", () => {
    const view = binding([{ kind: "User", name: "anna" }], {}, { "kubernetes.io/bootstrapping": "rbac-defaults" });
    expect(forbiddenSubjects(view, everybody)).toEqual([]);
  });
});
