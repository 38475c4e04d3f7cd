import type { Category } from "../src/engine/rule.ts";
import { byId, indexFile, indexOf, type RuleFile } from "./generators/rules-index.ts";

const categories = [
  "resources",
  "probes",
  "availability",
  "jobs",
  "images",
  "pod-security",
  "host",
  "secrets",
  "identity",
  "rbac",
  "network",
  "platform",
  "references",
  "metadata",
  "deprecation",
  "argo",
] as const satisfies readonly Category[];

export type RuleScaffold =
  | {
      readonly ok: true;
      /** What is new. */
      readonly files: ReadonlyMap<string, string>;
      /** The list of all rules, with the new one: the tests of rules run what stands in it. */
      readonly index: readonly [path: string, content: string];
    }
  | { readonly ok: false; readonly problem: string };

/** The files of a new rule by their path from the root of the repository, or why there can be none of that name. */
export function ruleScaffold(category: string, id: string, present: readonly RuleFile[]): RuleScaffold {
  if (!(categories as readonly string[]).includes(category))
    return { ok: false, problem: `no category is called ${category}: choose one of ${categories.join(", ")}` };
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id))
    return {
      ok: false,
      problem: `${id} is no rule id: name what is required in kebab-case, or begin what is forbidden with no-`,
    };
  const taken = present.find((rule) => rule.id === id);
  if (taken !== undefined)
    return { ok: false, problem: `there is a rule of that name: src/rules/${taken.category}/${id}.ts` };
  return {
    ok: true,
    files: new Map([
      [`src/rules/${category}/${id}.ts`, ruleModule(category, id)],
      [`test/rules/${id}/fail-deployment.yaml`, failing],
      [`test/rules/${id}/pass-deployment.yaml`, manifest],
    ]),
    index: [indexFile, indexOf([...present, { category, id }].sort(byId))],
  };
}

// What is left empty here is named by the tests of test/rules until it is filled in.
function ruleModule(category: string, id: string): string {
  return `import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";

export const rule = defineRule({
  id: "${id}",
  revision: 1,
  title: "",
  category: "${category}",
  severity: "Medium",
  kinds: "workloads",
  why: "",
  fix: "",
  packs: {},
  references: [],
  params: z.strictObject({}),
  messages: {
    wrong: "Container {container} …",
  },
  check({ resource, report }) {
    for (const container of resource.podSpec?.all ?? [])
      report("wrong", { path: container.path, data: { container: container.name } });
  },
});
`;
}

const manifest = `apiVersion: apps/v1
kind: Deployment
metadata: { name: checkout, namespace: shop }
spec:
  selector: { matchLabels: { app: checkout } }
  template:
    metadata: { labels: { app: checkout } }
    spec:
      containers:
        - { name: app, image: registry.example.com/checkout:5.1 }
`;

const failing = `# expect:
#   - on: Deployment.apps/checkout
#     path: containers[name=app]
#     message: wrong
#     text: "Container app …"
${manifest}`;
