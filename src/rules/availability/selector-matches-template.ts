import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { formatSelector, readLabelSelector, readMapSelector, selectsPods } from "../../engine/values/label-selector.ts";
import { valueAt } from "../../engine/views/fields.ts";
import { path } from "../../engine/views/path.ts";

/** The API server fills the selector in where there is none. */
const filledIn: ReadonlySet<string> = new Set(["ReplicationController", "Job.batch"]);

export const rule = defineRule({
  id: "selector-matches-template",
  revision: 1,
  title: "Selectors match the labels of the pod template",
  category: "availability",
  severity: "High",
  kinds: [
    "Deployment.apps",
    "StatefulSet.apps",
    "DaemonSet.apps",
    "ReplicaSet.apps",
    "ReplicationController",
    "Rollout.argoproj.io",
    "Job.batch",
  ],
  why: "The API server refuses a workload whose selector does not match its own Pods, and the release stops there.",
  fix: "Make spec.selector equal to labels of spec.template.metadata.labels.",
  packs: { strict: {}, reliability: {} },
  references: [
    "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#selector",
    "https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors",
  ],
  params: z.strictObject({}),
  messages: {
    notSet: "selector is not set",
    notMatching: "selector {selector} does not match the labels of the pod template",
  },
  check({ resource: { object, kindName, podSpec }, report }) {
    const written = valueAt(object, "spec", "selector");
    const selector = kindName === "ReplicationController" ? readMapSelector(written) : readLabelSelector(written);
    const at = path("spec", "selector");
    if (selector === undefined) {
      const elsewhere = kindName === "Rollout.argoproj.io" && podSpec === undefined;
      if (!filledIn.has(kindName) && !elsewhere) report("notSet", { path: at, data: {}, value: "none" });
    } else if (podSpec !== undefined && !selectsPods(selector, { podLabels: podSpec.labels, fromTemplate: true }))
      report("notMatching", {
        path: at,
        data: { selector: formatSelector(selector) },
        value: formatSelector(selector),
      });
  },
});
