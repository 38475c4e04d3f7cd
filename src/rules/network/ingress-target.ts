import { z } from "zod";
import type { ServiceFacts } from "../../engine/facts/index.ts";
import { defineInventoryRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import { type IngressBackend, ingressBackends, ingressKinds } from "../../engine/views/ingress.ts";

export const rule = defineInventoryRule({
  id: "ingress-target",
  revision: 1,
  title: "Ingress backends exist",
  category: "network",
  severity: "High",
  kinds: ingressKinds,
  reads: ["Service"],
  why: "The controller answers 503, or drops the whole Ingress, when a backend Service or its port is not there.",
  fix: "Name a Service of the same namespace and one of its ports, or remove the path.",
  packs: { recommended: {}, strict: {}, reliability: {}, network: {} },
  references: ["https://kubernetes.io/docs/concepts/services-networking/ingress/#the-ingress-resource"],
  params: z.strictObject({}),
  messages: {
    noService: "Requests go to the Service {service}, which does not exist",
    noPort: "Requests go to port {ports} of the Service {service}, which has no such port",
  },
  collect({ resource }) {
    const backends = ingressBackends(resource);
    return backends.length === 0 ? undefined : backends;
  },
  check({ id, subject, inventory, report }) {
    for (const { path, service: name, ports } of byPlaceAndService(subject)) {
      const service = inventory.get("Service", id.namespace, name);
      const missing = service === undefined ? [] : ports.filter((port) => !hasPort(service, port));
      if (service !== undefined && missing.length === 0) continue;
      const text = printable(name);
      report(service === undefined ? "noService" : "noPort", {
        path,
        class: text,
        data: { service: text, ports: printable(missing.join(", ")) },
        value: missing.length === 0 ? text : printable(`${name}:${missing.join(",")}`),
      });
    }
  },
});

/** A Service that several paths use is one violation. */
function byPlaceAndService(backends: readonly IngressBackend[]) {
  const grouped = new Map<string, { path: string; service: string; ports: (string | number)[] }>();
  for (const { path, service, port } of backends) {
    const key = `${path} ${service}`;
    const group = grouped.get(key) ?? { path, service, ports: [] };
    if (port !== undefined && !group.ports.includes(port)) group.ports.push(port);
    grouped.set(key, group);
  }
  return grouped.values();
}

function hasPort(service: ServiceFacts, port: string | number): boolean {
  return service.ports.some(({ name, number }) => (typeof port === "number" ? number === port : name === port));
}
