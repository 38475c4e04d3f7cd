import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import { recordsAt, textsAt } from "../../engine/views/fields.ts";
import { ingressHosts, ingressKinds } from "../../engine/views/ingress.ts";
import { path } from "../../engine/views/path.ts";

export const rule = defineRule({
  id: "ingress-tls-hosts",
  revision: 1,
  title: "Every host of an Ingress has a certificate",
  category: "network",
  severity: "Medium",
  kinds: ingressKinds,
  why: "A host that no entry of spec.tls covers gets the controller's own certificate, which browsers refuse, or is served without TLS.",
  fix: "Add the host to an entry of spec.tls whose certificate is valid for it.",
  packs: { strict: {}, network: {} },
  references: ["https://kubernetes.io/docs/concepts/services-networking/ingress/#tls"],
  params: z.strictObject({}),
  messages: {
    uncovered: "No entry of spec.tls covers the host {host}",
  },
  check({ resource, report }) {
    const entries = recordsAt(resource.object, "spec", "tls").map((entry) => textsAt(entry, "hosts"));
    if (entries.length === 0 || entries.some((hosts) => hosts.length === 0)) return;
    const covered = new Set(entries.flat());
    for (const host of ingressHosts(resource)) {
      if (host === "" || covered.has(host) || covered.has(wildcardOf(host))) continue;
      const text = printable(host);
      report("uncovered", { path: path("spec", "rules"), class: text, data: { host: text }, value: text });
    }
  },
});

/** `*.example.com` for `shop.example.com`: a wildcard covers one label, and not another wildcard. */
function wildcardOf(host: string): string {
  return host.replace(/^[^.]*/, "*");
}
