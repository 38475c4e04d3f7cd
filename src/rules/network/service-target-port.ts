import { z } from "zod";
import type { WorkloadFacts } from "../../engine/facts/index.ts";
import { defineInventoryRule } from "../../engine/rule.ts";
import { readMapSelector, selectsPods } from "../../engine/values/label-selector.ts";
import { namesInShort } from "../../engine/values/names-in-short.ts";
import { printable } from "../../engine/values/printable.ts";
import { textAt, valueAt } from "../../engine/views/fields.ts";
import { servicePorts } from "../../engine/views/service.ts";

export const rule = defineInventoryRule({
  id: "service-target-port",
  revision: 1,
  title: "Target ports of Services are ports of the Pods",
  category: "network",
  severity: "High",
  kinds: ["Service"],
  reads: ["workloads"],
  why: "Kubernetes looks a named target port up in each Pod. A Pod without a port of that name gets no connections, and where none has it the Service answers nothing, while Pods and Service look healthy.",
  fix: "Give the port the name in the container's ports, or correct targetPort.",
  packs: { strict: {}, reliability: {}, network: {} },
  references: ["https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports"],
  params: z.strictObject({
    declared: z
      .boolean()
      .default(false)
      .describe("Ask for target ports that are numbers too: a container must declare them"),
  }),
  messages: {
    noName: "No container of {workloads} has a port of the name {port}",
    noNumber: "No container of {workloads} declares the port {port}",
  },
  collect({ resource, params }) {
    const { object } = resource;
    const selector = readMapSelector(valueAt(object, "spec", "selector"));
    if (selector === undefined || textAt(object, "spec", "type") === "ExternalName") return undefined;
    const ports = servicePorts(resource).flatMap(({ path, target }) =>
      typeof target === "string" || (params.declared && target !== undefined) ? [{ path, target }] : [],
    );
    return ports.length === 0 ? undefined : { selector, ports };
  },
  check({ id, subject: { selector, ports }, inventory, report }) {
    const selected = inventory.workloads(id.namespace).filter((workload) => selectsPods(selector, workload));
    for (const { path, target } of ports) {
      const without = selected.filter((workload) => !hasPort(workload, target));
      if (without.length === 0) continue;
      const workloads = namesInShort(without.map((workload) => workload.id.name));
      const port = printable(String(target));
      report(typeof target === "string" ? "noName" : "noNumber", { path, data: { workloads, port }, value: port });
    }
  },
});

function hasPort({ run }: WorkloadFacts, target: string | number): boolean {
  return run.some(({ ports }) =>
    ports.some(({ name, number }) => (typeof target === "string" ? name === target : number === target)),
  );
}
