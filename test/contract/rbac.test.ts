import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadAll } from "js-yaml";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineInventoryRule, defineRule, type Rule } from "../../src/engine/rule.ts";
import { pluralOf, readGrants } from "../../tools/generators/rbac.ts";

const meta = {
  revision: 1,
  title: "Sample",
  category: "metadata",
  severity: "Low",
  why: "Why.",
  fix: "Fix.",
  packs: {},
  references: [],
  params: z.strictObject({}),
  messages: {},
} as const;

const gateways = defineRule({
  ...meta,
  id: "gateways",
  kinds: ["Gateway.example.com", "Policy.example.com"],
  check: () => undefined,
});
const mounts = defineInventoryRule({
  ...meta,
  id: "mounts",
  kinds: ["Pod"],
  reads: ["Secret", "ConfigMap"],
  collect: () => undefined,
  check: () => undefined,
});
const manifests: Rule = { ...gateways, id: "manifests", kinds: ["Ingress.networking.k8s.io"], manifestsOnly: true };

describe("the rights to scan", () => {
  it("are list and watch of the kinds that rules judge and read, by group", () => {
    expect(readGrants([mounts, gateways])).toEqual([
      { apiGroups: [""], resources: ["configmaps", "pods"], verbs: ["list", "watch"] },
      { apiGroups: ["example.com"], resources: ["gateways", "policies"], verbs: ["list", "watch"] },
    ]);
  });

  it("are none for rules that judge manifests only", () => {
    expect(readGrants([manifests])).toEqual([]);
  });

  it.each([
    ["Deployment", "deployments"],
    ["Ingress", "ingresses"],
    ["NetworkPolicy", "networkpolicies"],
    ["Gateway", "gateways"],
    ["Endpoints", "endpoints"],
    ["RuntimeClass", "runtimeclasses"],
  ])("spell the plural of %s %s", (kind, plural) => {
    expect(pluralOf(kind)).toBe(plural);
  });
});

describe("config/rbac", () => {
  const rolesIn = (file: string) =>
    loadAll(readFileSync(join(import.meta.dirname, "../../config/rbac", file), "utf8")) as readonly {
      readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
      readonly rules?: readonly { readonly resources: readonly string[] }[];
    }[];

  it.each(["operator.yaml", "scan.yaml"])("grants no Secrets in %s", (file) => {
    const granted = rolesIn(file).flatMap(({ rules = [] }) => rules.flatMap(({ resources }) => resources));
    expect(granted.filter((resource) => resource === "secrets" || resource === "*")).toEqual([]);
  });

  it("grants Secrets apart from the rest, by a role that is aggregated once it is applied", () => {
    expect(rolesIn("optional/secret-metadata.yaml")).toMatchObject([
      {
        metadata: { name: "pawl-scan-secrets", labels: { "rbac.pawl.dev/aggregate-to-scan": "true" } },
        rules: [{ apiGroups: [""], resources: ["secrets"], verbs: ["list", "watch"] }],
      },
    ]);
  });
});
