import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { fieldsAt } from "../../engine/views/fields.ts";

const handlers = ["exec", "httpGet", "tcpSocket", "sleep"] as const;

export const rule = defineRule({
  id: "pre-stop-hook",
  revision: 1,
  title: "Containers have a preStop hook",
  category: "probes",
  severity: "Low",
  kinds: "longRunning",
  why: "A Pod is told to stop while load balancers still send it traffic. A process that ends at once on SIGTERM drops these requests in every rollout and every drain.",
  fix: "Add lifecycle.preStop with a handler that waits until traffic has ceased: a sleep of a few seconds is enough for most.",
  packs: { strict: {} },
  aliases: [{ id: "CONTAINERS_MISSING_PRESTOP_KEY" }],
  references: [
    "https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/",
    "https://kubernetes.io/docs/tutorials/services/pods-and-endpoint-termination-flow/",
  ],
  params: z.strictObject({}),
  messages: {
    missing: "Container {container} has no preStop hook",
    noHandler: "The preStop hook of container {container} has no handler, so it does nothing",
  },
  check({ resource, report }) {
    for (const container of resource.podSpec?.run ?? []) {
      const hook = fieldsAt(container.fields, "lifecycle", "preStop");
      if (handlers.some((handler) => fieldsAt(hook, handler) !== undefined)) continue;
      report(hook === undefined ? "missing" : "noHandler", {
        path: container.at("lifecycle", "preStop"),
        data: { container: container.name },
        value: "none",
      });
    }
  },
});
