import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { path } from "../../engine/views/path.ts";
import { type GrantEntry, grantsOf, isBuiltInRbac } from "../../engine/views/rbac.ts";

const isWildcard = {
  apiGroups: (entry: GrantEntry) => entry.apiGroups.find((group) => group === "*"),
  resources: (entry: GrantEntry) => entry.resources.find((resource) => resource === "*" || resource.startsWith("*/")),
  verbs: (entry: GrantEntry) => entry.verbs.find((verb) => verb === "*"),
} as const;

const fields = ["apiGroups", "resources", "verbs"] as const;

export const rule = defineRule({
  id: "no-rbac-wildcard",
  revision: 1,
  title: "Roles grant nothing by wildcard",
  category: "rbac",
  severity: "High",
  kinds: ["Role.rbac.authorization.k8s.io", "ClusterRole.rbac.authorization.k8s.io"],
  why: "A wildcard also grants what does not exist yet: every kind that an operator brings and every verb that Kubernetes adds later, without anybody deciding so.",
  fix: "List the API groups, resources and verbs that are needed.",
  packs: { strict: {}, rbac: {}, cis: {} },
  aliases: [{ id: "CIS_INVALID_WILDCARD_ROLE" }],
  references: ["https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege"],
  params: z.strictObject({
    fields: z
      .array(z.enum(fields))
      .default([...fields])
      .describe("Where a wildcard is a violation"),
  }),
  messages: {
    apiGroups: "The role grants all API groups ({wildcard})",
    resources: "The role grants all resources ({wildcard})",
    verbs: "The role grants all verbs ({wildcard})",
  },
  check({ resource, params, report }) {
    if (isBuiltInRbac(resource)) return;
    const entries = grantsOf(resource);
    for (const field of fields) {
      if (!params.fields.includes(field)) continue;
      const wildcard = entries.map(isWildcard[field]).find((found) => found !== undefined);
      if (wildcard === undefined) continue;
      report(field, { path: path("rules"), class: field, data: { wildcard }, value: wildcard });
    }
  },
});
