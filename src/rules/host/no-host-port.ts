import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { rangeParam } from "../../engine/values/rule-params.ts";
import { flagAt, integerAt } from "../../engine/views/fields.ts";
import { below } from "../../engine/views/path.ts";
import { portsOf } from "../../engine/views/ports.ts";

export const rule = defineRule({
  id: "no-host-port",
  revision: 1,
  title: "Containers take no port of their node",
  category: "host",
  severity: "Medium",
  kinds: "workloads",
  why: "A host port is open on every node that runs the Pod, past Services and often past network policies. Only one Pod per node can have it, so rollouts and rescheduling get stuck.",
  fix: "Remove hostPort and publish the port through a Service, or allow it by parameter.",
  packs: {
    recommended: {},
    strict: {},
    "pss-baseline": {},
    "pss-restricted": {},
    nsa: {},
    cis: {},
    "datree-starter": {},
  },
  aliases: [{ id: "CONTAINERS_INCORRECT_KEY_HOSTPORT" }],
  references: [
    "https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline",
    "https://kubernetes.io/docs/concepts/configuration/overview/#services",
  ],
  params: z.strictObject({
    allowed: z.array(rangeParam).default([]).describe("Ports of the node that containers may take, both ends included"),
  }),
  messages: {
    hostPort: "Container {container} takes port {port} of its node",
    hostNetwork: "Container {container} takes port {port} of its node: under hostNetwork that is its containerPort",
  },
  check({ resource, params, report }) {
    const { podSpec } = resource;
    // The API server writes it into Pods, and has left templates alone since 1.28.
    const isCopied = resource.kindName === "Pod" && flagAt(podSpec?.fields, "hostNetwork") === true;
    for (const container of podSpec?.all ?? [])
      for (const declared of portsOf(container)) {
        const written = integerAt(declared.fields, "hostPort") || undefined;
        const port = written ?? (isCopied ? declared.containerPort : undefined);
        if (port === undefined || params.allowed.some(({ min, max }) => min <= port && port <= max)) continue;
        report(written === undefined ? "hostNetwork" : "hostPort", {
          path: below(declared.path, "hostPort"),
          data: { container: container.name, port },
          value: String(port),
        });
      }
  },
});
