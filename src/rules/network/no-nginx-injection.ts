import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import { ingressKinds, ingressRoutes, routeText } from "../../engine/views/ingress.ts";
import { isNginxSnippet, nginxAnnotation } from "../../engine/views/nginx-annotations.ts";
import { path } from "../../engine/views/path.ts";

/** Meant to hold nginx syntax. */
const notJudged: ReadonlySet<string> = new Set(["proxy-cookie-path", "proxy-cookie-domain"]);

/** Written into the configuration as an address, where a blank already begins something new. */
const addresses: ReadonlySet<string> = new Set(["auth-url", "auth-signin", "mirror-target", "mirror-host"]);

const quantifier = /\{\d+(?:,\d*)?\}/g;
const suspicious = /[\n\r;{}]|_by_lua|load_module|\/etc|\/proc|\/root|\/var\/run|serviceaccount/;
const suspiciousInAddress = /[\s"'`|<>^]/;

export const rule = defineRule({
  id: "no-nginx-injection",
  revision: 1,
  title: "Nothing in an Ingress can break out into nginx",
  category: "network",
  severity: "High",
  kinds: ingressKinds,
  why: "The controller writes paths and annotations into its nginx configuration. Text that ends a directive and begins another runs there, reads the controller's service account token, and with it the Secrets of the whole cluster.",
  fix: "Take the text out, and run a controller in which these holes are closed.",
  packs: { strict: {}, network: {} },
  references: [
    "https://nvd.nist.gov/vuln/detail/CVE-2021-25745",
    "https://nvd.nist.gov/vuln/detail/CVE-2021-25746",
    "https://nvd.nist.gov/vuln/detail/CVE-2025-1097",
    "https://nvd.nist.gov/vuln/detail/CVE-2025-1098",
    "https://nvd.nist.gov/vuln/detail/CVE-2025-24514",
  ],
  params: z.strictObject({}),
  messages: {
    path: "The path of {route} holds {text}, which nginx would read as configuration",
    annotation: "The annotation {annotation} holds {text}, which nginx would read as configuration",
  },
  check({ resource, report }) {
    for (const one of ingressRoutes(resource)) {
      const text = suspiciousText(one.path, false);
      if (text === undefined) continue;
      const route = routeText(one);
      report("path", { path: path("spec", "rules"), class: route, data: { route, text }, value: route });
    }
    for (const [key, value] of resource.annotations) {
      const name = nginxAnnotation(key);
      if (name === undefined || isNginxSnippet(key) || notJudged.has(name)) continue;
      const text = suspiciousText(value, addresses.has(name));
      if (text === undefined) continue;
      const annotation = printable(key);
      const data = { annotation, text };
      report("annotation", { path: path("metadata", "annotations", key), class: annotation, data });
    }
  },
});

/** What of the text is suspicious, as a reader can see it; undefined where nothing is. */
function suspiciousText(text: string, isAddress: boolean): string | undefined {
  const plain = text.replace(quantifier, "");
  const found = suspicious.exec(plain)?.[0] ?? (isAddress ? suspiciousInAddress.exec(plain)?.[0] : undefined);
  return found === undefined ? undefined : JSON.stringify(printable(found));
}
