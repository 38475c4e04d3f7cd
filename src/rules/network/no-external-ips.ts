import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { isInRange, parseIp, parseIpRange } from "../../engine/values/ip-address.ts";
import { printable } from "../../engine/values/printable.ts";
import { ipRangeParam } from "../../engine/values/rule-params.ts";
import { textsAt } from "../../engine/views/fields.ts";
import { path } from "../../engine/views/path.ts";

export const rule = defineRule({
  id: "no-external-ips",
  revision: 1,
  title: "No Service claims external addresses",
  category: "network",
  severity: "High",
  kinds: ["Service"],
  why: "Every node sends what goes to these addresses to the Service, and nobody checks whose they are. Whoever may write a Service takes over the traffic of the cluster to any address, that of a database or of the API server too (CVE-2020-8554).",
  fix: "Remove spec.externalIPs; use a load balancer, or allow the addresses that are really yours by parameter.",
  packs: { strict: {}, network: {} },
  references: [
    "https://nvd.nist.gov/vuln/detail/CVE-2020-8554",
    "https://kubernetes.io/docs/concepts/services-networking/service/#external-ips",
  ],
  params: z.strictObject({
    allowed: z.array(ipRangeParam).default([]).describe("Addresses and ranges (10.0.0.0/8) that Services may claim"),
  }),
  messages: {
    external: "The Service claims the external address {address}",
  },
  check({ resource, params, report }) {
    const allowed = params.allowed.flatMap((range) => parseIpRange(range) ?? []);
    for (const text of textsAt(resource.object, "spec", "externalIPs")) {
      const address = parseIp(text);
      if (address !== undefined && allowed.some((range) => isInRange(address, range))) continue;
      const shown = printable(text);
      report("external", { path: path("spec", "externalIPs"), class: shown, data: { address: shown }, value: shown });
    }
  },
});
