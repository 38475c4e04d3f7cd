import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadAll } from "js-yaml";
import { expect, test } from "vitest";
import { codeSpans } from "./markdown.ts";
import { handbook, root } from "./pages.ts";

interface Role {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly rules?: readonly {
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly verbs: readonly string[];
  }[];
}

const page = handbook.find(({ path }) => path === "docs/security.md")?.text ?? "";
const rolesIn = (files: string) =>
  globSync(files, { cwd: root })
    .flatMap((file) => loadAll(readFileSync(join(root, file), "utf8")) as Role[])
    .filter(({ kind }) => kind === "ClusterRole" || kind === "Role");
const usual = rolesIn("config/rbac/*.yaml");
const rules = usual.flatMap(({ rules: own = [] }) => own);

test("the page about security names every role that an installation makes, or can make", () => {
  // The one that rules are collected in by label stands for those that carry it.
  const named = new Set([...codeSpans(page), "pawl-scan-rules"]);

  const roles = [...usual, ...rolesIn("config/rbac/optional/*.yaml")];

  expect(roles.map(({ metadata }) => metadata.name).filter((name) => !named.has(name))).toEqual([]);
});

test("it is true that no right on Secrets is granted unless it is asked for, and no wildcard", () => {
  expect(rules.length).toBeGreaterThan(0);
  expect(rules.filter(({ resources }) => resources.some((resource) => /^(?:secrets|\*)/.test(resource)))).toEqual([]);
  expect(rules.filter(({ apiGroups, verbs }) => [...apiGroups, ...verbs].includes("*"))).toEqual([]);
});

test("it is true that no right is granted by which others could be had", () => {
  const escalating = ["impersonate", "bind", "escalate"];

  expect(rules.filter(({ verbs }) => verbs.some((verb) => escalating.includes(verb)))).toEqual([]);
  expect(rules.filter(({ resources }) => resources.some((resource) => resource.startsWith("pods/")))).toEqual([]);
});
