import { z } from "zod";
import { controllerOf } from "../../engine/folding.ts";
import { defineRule } from "../../engine/rule.ts";
import { integerAt } from "../../engine/views/fields.ts";
import { path } from "../../engine/views/path.ts";

export const rule = defineRule({
  id: "job-ttl",
  revision: 1,
  title: "Finished Jobs are cleaned up",
  category: "jobs",
  severity: "Low",
  kinds: ["Job.batch"],
  why: "Nobody deletes a finished Job and its Pods. Thousands of them slow down the API server and everything that lists Pods, and keep volumes and addresses from being released.",
  fix: "Set spec.ttlSecondsAfterFinished to how long its logs are of interest.",
  packs: { strict: {}, reliability: {} },
  references: ["https://kubernetes.io/docs/concepts/workloads/controllers/ttlafterfinished/"],
  params: z.strictObject({}),
  messages: {
    notSet: "ttlSecondsAfterFinished is not set, so the Job stays when it is done",
  },
  check({ resource: { object }, report }) {
    if (controllerOf(object) !== undefined) return;
    if (integerAt(object, "spec", "ttlSecondsAfterFinished") !== undefined) return;
    report("notSet", { path: path("spec", "ttlSecondsAfterFinished"), data: {}, value: "none" });
  },
});
