import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import { defaultBackends, ingressHosts, ingressKinds } from "../../engine/views/ingress.ts";
import { path } from "../../engine/views/path.ts";

const choice = z.enum(["allow", "deny"]);

export const rule = defineRule({
  id: "no-wildcard-ingress",
  revision: 1,
  title: "Ingress rules name their host",
  category: "network",
  severity: "High",
  kinds: ingressKinds,
  why: "A rule without a host answers for every name that points at the controller, also for those of other teams, and catches their traffic whenever their own rule is missing.",
  fix: "Give every rule the host it is for.",
  packs: {
    recommended: {},
    strict: {},
    network: {},
    "datree-default": { emptyHost: "allow" },
    "datree-starter": { emptyHost: "allow" },
  },
  aliases: [{ id: "INGRESS_INCORRECT_HOST_VALUE_PERMISSIVE", params: { emptyHost: "allow" } }],
  references: ["https://kubernetes.io/docs/concepts/services-networking/ingress/#hostname-wildcards"],
  params: z.strictObject({
    emptyHost: choice.default("deny").describe("Rules without a host"),
    subdomains: choice.default("allow").describe("Hosts such as *.example.com"),
    defaultBackend: choice.default("allow").describe("A backend for what no rule takes"),
  }),
  messages: {
    anyHost: "An Ingress rule has the host *, which takes every name",
    noHost: "An Ingress rule has no host, so it takes every name",
    subdomains: "Ingress rules take every subdomain: {hosts}",
    defaultBackend: "The default backend takes every name and path that no rule takes",
  },
  check({ resource, params, report }) {
    const hosts = ingressHosts(resource);
    const wild = [...new Set(hosts.filter((host) => host.startsWith("*.")))].sort();
    const at = path("spec", "rules");
    // The list has no merge key: it is one place, and the widest of its rules stands for it.
    if (hosts.includes("*")) report("anyHost", { path: at, data: {}, value: "*" });
    else if (hosts.includes("") && params.emptyHost === "deny")
      report("noHost", { path: at, data: {}, value: "no host" });
    else if (wild.length > 0 && params.subdomains === "deny") {
      const text = printable(wild.join(", "));
      report("subdomains", { path: at, data: { hosts: text }, value: text });
    }
    if (params.defaultBackend === "allow") return;
    for (const backend of defaultBackends(resource)) report("defaultBackend", { path: backend.path, data: {} });
  },
});
