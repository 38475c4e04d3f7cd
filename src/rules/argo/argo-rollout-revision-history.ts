import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { integerAt } from "../../engine/views/fields.ts";
import { path } from "../../engine/views/path.ts";

export const rule = defineRule({
  id: "argo-rollout-revision-history",
  revision: 1,
  title: "Rollouts keep a revision to go back to",
  category: "argo",
  severity: "Medium",
  kinds: ["Rollout.argoproj.io"],
  why: "Without old ReplicaSets an undo has nothing to return to: going back means building and rolling out anew, while the bad version runs.",
  fix: "Remove revisionHistoryLimit, which means 10, or set it to at least 1.",
  packs: { argo: {} },
  aliases: [{ id: "ARGO_WORKFLOW_INCORRECT_REVISION_HISTORY_LIMIT_VALUE_0" }],
  references: ["https://argo-rollouts.readthedocs.io/en/stable/features/specification/"],
  params: z.strictObject({}),
  messages: {
    none: "revisionHistoryLimit is {actual}: no old revision is kept",
  },
  check({ resource, report }) {
    const limit = integerAt(resource.object, "spec", "revisionHistoryLimit");
    if (limit === undefined || limit >= 1) return;
    report("none", { path: path("spec", "revisionHistoryLimit"), data: { actual: limit }, value: String(limit) });
  },
});
