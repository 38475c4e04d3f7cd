import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { matchesKind } from "../../engine/values/kind-pattern.ts";
import { kindPatternParam } from "../../engine/values/rule-params.ts";
import { requiredEntriesParam, requiredEntryProblems, requiredOnParam } from "../../engine/views/required-entries.ts";

export const rule = defineRule({
  id: "required-annotations",
  revision: 1,
  title: "Required annotations are set",
  category: "metadata",
  severity: "Low",
  kinds: "any",
  why: "What people agreed to write on their objects, such as a contact, a runbook or a repository, is missed just when something is broken and nobody knows whom to ask.",
  fix: "Add the annotation with a value of the agreed form.",
  packs: {},
  references: ["https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/"],
  params: z.strictObject({
    annotations: requiredEntriesParam.describe("Keys that need a value, or keys with the pattern of their value"),
    kinds: z.array(kindPatternParam).default(["workloads"]).describe("Kinds that are judged"),
    on: requiredOnParam.describe("Where the annotations are needed"),
  }),
  messages: {
    missing: "Annotation {key} is missing",
    empty: "Annotation {key} is empty",
    mismatch: "Annotation {key} has the value {value}, which does not match {pattern}",
  },
  check({ resource, params, report }) {
    if (!matchesKind(params.kinds, resource.id)) return;
    const problems = requiredEntryProblems(resource, "annotations", params.annotations, params.on);
    for (const { messageId, path, key, value, pattern } of problems)
      report(messageId, { path, class: key, data: { key, value, pattern }, value });
  },
});
