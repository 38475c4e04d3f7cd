import { describe, expect, it } from "vitest";
import { forbiddenGrants, forbiddenVerbs, type GrantTarget } from "../../../src/engine/views/forbidden-grants.ts";
import { viewResource } from "../../../src/engine/views/resource-view.ts";

interface Entry {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly verbs?: readonly string[];
  readonly resourceNames?: readonly string[];
}

function role(rules: readonly Entry[], labels: object = {}) {
  const view = viewResource({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: { name: "system:role", labels },
    rules,
  });
  if (view === undefined) throw new Error("the object says nothing");
  return view;
}

const entry = (apiGroups: string, resources: string, verbs: string): Entry => ({
  apiGroups: apiGroups.split(","),
  resources: resources.split(","),
  verbs: verbs === "" ? [] : verbs.split(","),
});

const pods: readonly GrantTarget[] = [
  { group: "", resources: ["pods", "pods/exec"] },
  { group: "apps", resources: ["deployments"] },
];
const create = { verbs: ["create", "patch"] };
const builtIn = { "kubernetes.io/bootstrapping": "rbac-defaults" };

function classes(rules: readonly Entry[], params: Parameters<typeof forbiddenGrants>[2] = create) {
  return forbiddenGrants(role(rules), pods, params).map((grant) => grant.class);
}

describe("forbidden grants", () => {
  it.each([
    ["a resource by name", entry("", "pods", "create"), ["/pods:create"]],
    ["a subresource by name", entry("", "pods/exec", "create"), ["/pods/exec:create"]],
    ["every verb that is asked for", entry("", "pods", "get,create,patch"), ["/pods:create", "/pods:patch"]],
    [
      "every pair of a group and its resource",
      entry(",apps", "pods,deployments", "create"),
      ["/pods:create", "apps/deployments:create"],
    ],
    ["any group", entry("*", "pods", "create"), ["*/pods:create"]],
    ["any resource and subresource", entry("", "*", "create"), ["/*:create"]],
    ["a subresource of any resource", entry("", "*/exec", "create"), ["/*/exec:create"]],
    ["any verb", entry("", "pods", "*"), ["/pods:*"]],
    ["everything, once", entry("*", "*", "*"), ["*/*:*"]],
  ])("are %s", (_, rule, expected) => {
    expect(classes([rule])).toEqual(expected);
  });

  it.each([
    ["another group", entry("batch", "pods", "create")],
    ["a resource in the group of another", entry("apps", "pods", "create")],
    ["another resource", entry("", "services", "create")],
    ["another subresource", entry("", "pods/log", "create")],
    ["subresources by a star that is no wildcard", entry("", "pods/*", "create")],
    ["another subresource of any resource", entry("", "*/log", "create")],
    ["another verb", entry("", "pods", "get")],
    ["no verb", entry("", "pods", "")],
    ["a URL", { verbs: ["*"] }],
  ])("are not %s", (_, rule) => {
    expect(classes([rule])).toEqual([]);
  });

  it("ask for a resource, not for its subresources, where the star is in front of one", () => {
    expect(classes([entry("", "*/exec", "create")], { ...create, resources: ["pods"] })).toEqual([]);
  });

  it("are of the resources that the parameters name, in every group", () => {
    const rules = [entry("", "pods", "create"), entry(",apps,batch", "jobs", "create")];
    expect(classes(rules, { ...create, resources: ["jobs"] })).toEqual(["/jobs:create", "apps/jobs:create"]);
  });

  it("are grants of any verb, even of none, where no verbs are named", () => {
    const rules = [entry("", "pods", "get,watch"), entry("apps", "deployments", "")];
    expect(classes(rules, { verbs: [] })).toEqual(["/pods:get", "/pods:watch", "apps/deployments:"]);
  });

  it("count once, however many entries say the same", () => {
    expect(classes([entry("", "pods", "create"), entry("", "pods,pods", "create")])).toEqual(["/pods:create"]);
  });

  it("are not looked for in entries that the rule does not judge", () => {
    const rules = [entry("", "pods", "create"), { ...entry("", "pods", "patch"), resourceNames: ["a"] }];
    const found = forbiddenGrants(role(rules), pods, create, ({ resourceNames }) => resourceNames.length > 0);
    expect(found.map((grant) => grant.class)).toEqual(["/pods:patch"]);
  });

  it("are not those of roles that the API server keeps", () => {
    expect(forbiddenGrants(role([entry("*", "*", "*")], builtIn), pods, create)).toEqual([]);
  });

  it("are told in the words of the role", () => {
    const rules = [entry("", "pods", "create"), entry("apps", "deployments", "*")];
    expect(forbiddenGrants(role(rules), pods, create)).toEqual([
      { path: "rules", class: "/pods:create", data: { verb: "create", resource: "pods" }, value: "create pods" },
      {
        path: "rules",
        class: "apps/deployments:*",
        data: { verb: "*", resource: "apps/deployments" },
        value: "* apps/deployments",
      },
    ]);
  });

  it("are told on one line, also where there is no verb", () => {
    const [found] = forbiddenGrants(
      role([{ apiGroups: ["*\n"], resources: ["*"], verbs: [] }]),
      [{ group: "*\n", resources: ["x"] }],
      { verbs: [] },
    );
    expect(found).toEqual({
      path: "rules",
      class: "*\\u000a/*:",
      data: { verb: "no verb", resource: "*\\u000a/*" },
      value: "no verb *\\u000a/*",
    });
  });
});

describe("forbidden verbs", () => {
  const meanings = new Map([
    ["bind", { group: "rbac", resources: ["roles"] }],
    ["impersonate", { group: "", resources: ["users"] }],
  ]);
  const found = (rule: Entry, labels = {}) =>
    forbiddenVerbs(role([rule], labels), meanings).map((grant) => grant.class);

  it("count on whatever they are granted", () => {
    expect(found(entry("example.com", "widgets", "get,bind,impersonate"))).toEqual([
      "example.com/widgets:bind",
      "example.com/widgets:impersonate",
    ]);
  });

  it.each([
    [entry("rbac", "roles,rolebindings", "*"), ["rbac/roles:*"]],
    [entry(",apps", "users", "*"), ["/users:*"]],
    [entry("*", "*", "*"), ["*/*:*"]],
    [entry("rbac", "users", "*"), []],
    [entry("", "pods", "*"), []],
    [entry("rbac", "roles", "create,escalate"), []],
  ])("count in a wildcard where it gives them their meaning: %j", (rule, expected) => {
    expect(found(rule)).toEqual(expected);
  });

  it("are not those of roles that the API server keeps", () => {
    expect(found(entry("*", "*", "*"), builtIn)).toEqual([]);
  });
});
