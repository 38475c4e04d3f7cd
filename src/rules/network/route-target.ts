import { z } from "zod";
import { defineInventoryRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import { path } from "../../engine/views/path.ts";
import { type RouteBackend, routeBackends, routeKinds } from "../../engine/views/route.ts";

export const rule = defineInventoryRule({
  id: "route-target",
  revision: 1,
  title: "Backends of routes exist",
  category: "network",
  severity: "High",
  kinds: routeKinds,
  reads: ["Service"],
  why: "A gateway answers 500 for the share of requests whose backend is not there, and refuses connections on other protocols. The route itself may look accepted.",
  fix: "Name a Service and one of its ports, or remove the backend.",
  packs: { strict: {}, reliability: {}, network: {} },
  references: ["https://gateway-api.sigs.k8s.io/reference/spec/#httpbackendref"],
  params: z.strictObject({}),
  messages: {
    noService: "Requests go to the Service {service}, which does not exist",
    noPort: "Requests go to port {ports} of the Service {service}, which has no such port",
  },
  collect({ resource }) {
    const backends = routeBackends(resource);
    return backends.length === 0 ? undefined : backends;
  },
  elsewhere: (backends) => [...new Set(backends.map(({ namespace }) => namespace))],
  check({ id, subject, inventory, report }) {
    for (const { namespace, service: name, ports } of byService(subject)) {
      const service = inventory.get("Service", namespace, name);
      const numbers = new Set(service?.ports.map(({ number }) => number));
      const missing = service === undefined ? [] : ports.filter((port) => !numbers.has(port));
      if (service !== undefined && missing.length === 0) continue;
      const text = printable(namespace === id.namespace ? name : `${namespace}/${name}`);
      report(service === undefined ? "noService" : "noPort", {
        path: path("spec", "rules"),
        class: text,
        data: { service: text, ports: missing.join(", ") },
        value: missing.length === 0 ? text : `${text}:${missing.join(",")}`,
      });
    }
  },
});

/** A Service that several rules use is one violation. */
function byService(backends: readonly RouteBackend[]) {
  const grouped = new Map<string, { namespace: string; service: string; ports: number[] }>();
  for (const { namespace, service, port } of backends) {
    const key = `${namespace}/${service}`;
    const group = grouped.get(key) ?? { namespace, service, ports: [] };
    if (port !== undefined && !group.ports.includes(port)) group.ports.push(port);
    grouped.set(key, group);
  }
  return grouped.values();
}
