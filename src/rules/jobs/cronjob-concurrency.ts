import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import { textAt } from "../../engine/views/fields.ts";
import { path } from "../../engine/views/path.ts";

const bounded: ReadonlySet<string> = new Set(["Forbid", "Replace"]);

export const rule = defineRule({
  id: "cronjob-concurrency",
  revision: 1,
  title: "CronJobs do not run beside themselves",
  category: "jobs",
  severity: "Medium",
  kinds: ["CronJob.batch"],
  why: "When a run takes longer than the interval, the next one starts beside it. Slow runs pile up, slow each other down further, and fill the cluster.",
  fix: "Set spec.concurrencyPolicy to Forbid, or to Replace if only the newest run matters.",
  packs: { recommended: {}, strict: {}, reliability: {}, "datree-default": {} },
  aliases: [{ id: "CRONJOB_MISSING_CONCURRENCYPOLICY_KEY" }],
  references: ["https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#concurrency-policy"],
  params: z.strictObject({}),
  messages: {
    notSet: "concurrencyPolicy is not set, which means Allow: runs may pile up",
    notBounded: "concurrencyPolicy is {actual}: runs may pile up",
  },
  check({ resource, report }) {
    const policy = textAt(resource.object, "spec", "concurrencyPolicy") || undefined;
    if (policy !== undefined && bounded.has(policy)) return;
    const at = path("spec", "concurrencyPolicy");
    if (policy === undefined) report("notSet", { path: at, data: {}, value: "Allow" });
    else report("notBounded", { path: at, data: { actual: printable(policy) }, value: printable(policy) });
  },
});
