import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { recordsAt } from "../../engine/views/fields.ts";
import { path } from "../../engine/views/path.ts";

/** The kubelet shows a static Pod to the API server with this annotation; its file on the node is what keeps it. */
const mirror = "kubernetes.io/config.mirror";

export const rule = defineRule({
  id: "no-naked-pod",
  revision: 1,
  title: "Pods belong to a controller",
  category: "availability",
  severity: "Medium",
  kinds: ["Pod"],
  why: "A Pod without a controller is gone for good when its node fails, is drained or runs out of memory. Nothing makes another one.",
  fix: "Put the pod spec into the template of a Deployment, StatefulSet, DaemonSet or Job.",
  packs: { recommended: {}, strict: {}, reliability: {} },
  aliases: [{ id: "K8S_INCORRECT_KIND_VALUE_POD" }],
  references: [
    "https://kubernetes.io/docs/concepts/configuration/overview/#naked-pods-vs-replicasets-deployments-and-jobs",
  ],
  params: z.strictObject({}),
  messages: {
    noOwner: "Pod {pod} has no controller that would replace it",
  },
  check({ resource, report }) {
    if (recordsAt(resource.object, "metadata", "ownerReferences").length > 0 || resource.annotations.has(mirror))
      return;
    report("noOwner", { path: path("metadata", "ownerReferences"), data: { pod: resource.id.name }, value: "none" });
  },
});
