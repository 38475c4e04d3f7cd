import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { matchesKind } from "../../engine/values/kind-pattern.ts";
import { kindPatternParam } from "../../engine/values/rule-params.ts";
import { requiredEntriesParam, requiredEntryProblems, requiredOnParam } from "../../engine/views/required-entries.ts";

export const rule = defineRule({
  id: "required-labels",
  revision: 1,
  title: "Required labels are set",
  category: "metadata",
  severity: "Low",
  kinds: "any",
  why: "Without agreed labels nobody can tell whose a workload is, what it costs, or whom to wake when it fails.",
  fix: "Add the label with a value of the agreed form.",
  packs: {},
  aliases: [
    { id: "WORKLOAD_MISSING_LABEL_OWNER_VALUE", params: { labels: ["owner"] } },
    { id: "DEPLOYMENT_MISSING_LABEL_ENV_VALUE", params: { labels: ["env"], kinds: ["Deployment"] } },
  ],
  references: ["https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/"],
  params: z.strictObject({
    labels: requiredEntriesParam.describe("Keys that need a value, or keys with the pattern of their value"),
    kinds: z.array(kindPatternParam).default(["workloads"]).describe("Kinds that are judged"),
    on: requiredOnParam.describe("Where the labels are needed"),
  }),
  messages: {
    missing: "Label {key} is missing",
    empty: "Label {key} is empty",
    mismatch: "Label {key} has the value {value}, which does not match {pattern}",
  },
  check({ resource, params, report }) {
    if (!matchesKind(params.kinds, resource.id)) return;
    const problems = requiredEntryProblems(resource, "labels", params.labels, params.on);
    for (const { messageId, path, key, value, pattern } of problems)
      report(messageId, { path, class: key, data: { key, value, pattern }, value });
  },
});
