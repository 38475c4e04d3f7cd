import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { textAt } from "../../engine/views/fields.ts";
import { path } from "../../engine/views/path.ts";

export const rule = defineRule({
  id: "no-node-port",
  revision: 1,
  title: "No Service opens a port on every node",
  category: "network",
  severity: "Medium",
  kinds: ["Service"],
  why: "A NodePort listens on every node of the cluster, on every address that the node has, also a public one. It goes round the load balancer and whatever protects it, and network policies often do not see where the traffic came from.",
  fix: "Use type ClusterIP behind an Ingress or a Gateway, or LoadBalancer.",
  packs: { strict: {}, network: {}, "datree-default": {} },
  aliases: [{ id: "SERVICE_INCORRECT_TYPE_VALUE_NODEPORT" }],
  references: ["https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport"],
  params: z.strictObject({}),
  messages: {
    nodePort: "The Service is of type NodePort, which listens on every node",
  },
  check({ resource, report }) {
    if (textAt(resource.object, "spec", "type") !== "NodePort") return;
    report("nodePort", { path: path("spec", "type"), data: {}, value: "NodePort" });
  },
});
