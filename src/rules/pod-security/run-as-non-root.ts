import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { releaseParam } from "../../engine/values/rule-params.ts";
import type { ContainerView } from "../../engine/views/container.ts";
import { flagAt, integerAt } from "../../engine/views/fields.ts";
import { path } from "../../engine/views/path.ts";
import { isExemptInUserNamespace } from "../../engine/views/pod-exemptions.ts";

export const rule = defineRule({
  id: "run-as-non-root",
  revision: 1,
  title: "Containers do not run as root",
  category: "pod-security",
  severity: "Medium",
  kinds: "workloads",
  why: "Root in a container is root on the node as soon as anything else gives way: a kernel bug, a mounted path, a runtime flaw. A process with another user has much less to work with.",
  fix: "Set securityContext.runAsNonRoot to true for the pod, and run the image as a user other than 0.",
  packs: { strict: {}, "pss-restricted": {}, nsa: {}, cis: {}, eks: {} },
  aliases: [{ id: "CONTAINERS_INCORRECT_RUNASNONROOT_VALUE" }],
  references: [
    "https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted",
    "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/",
  ],
  params: z.strictObject({
    acceptUserId: z.boolean().default(false).describe("A runAsUser above 0 is enough too, and 0 never is"),
    release: releaseParam.optional().describe("Judge as this Kubernetes release does; the cluster's if not given"),
  }),
  messages: {
    podFalse: "The pod allows root: runAsNonRoot is false",
    containerFalse: "Container {container} allows root: runAsNonRoot is false",
    missing: "Nothing keeps container {container} from running as root: runAsNonRoot is not set",
    podRoot: "The pod runs as user 0, which is root",
    containerRoot: "Container {container} runs as user 0, which is root",
  },
  check({ resource: { podSpec }, params, context, report }) {
    if (podSpec === undefined || isExemptInUserNamespace(podSpec, { params, context })) return;

    const userId = (container: ContainerView) =>
      params.acceptUserId ? container.effectiveInteger("runAsUser") : undefined;
    const podFlag = flagAt(podSpec.securityContext, "runAsNonRoot");
    const hasOtherUser = (container: ContainerView) => (userId(container) ?? 0) > 0;
    if (podFlag === false && !(params.acceptUserId && podSpec.all.every(hasOtherUser)))
      report("podFalse", { path: path("securityContext", "runAsNonRoot"), data: {}, value: "false" });
    const inheritsRoot = (container: ContainerView) =>
      userId(container) === 0 && integerAt(container.securityContext, "runAsUser") === undefined;
    if (podSpec.all.some(inheritsRoot))
      report("podRoot", { path: path("securityContext", "runAsUser"), data: {}, value: "0" });

    for (const container of podSpec.all) {
      if (hasOtherUser(container)) continue;
      const data = { container: container.name };
      if (userId(container) === 0) {
        if (!inheritsRoot(container))
          report("containerRoot", { path: container.at("securityContext", "runAsUser"), data, value: "0" });
        continue;
      }
      const at = container.at("securityContext", "runAsNonRoot");
      const own = flagAt(container.securityContext, "runAsNonRoot");
      if (own === false) report("containerFalse", { path: at, data, value: "false" });
      else if (own === undefined && podFlag === undefined) report("missing", { path: at, data, value: "none" });
    }
  },
});
