import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import { textAt } from "../../engine/views/fields.ts";
import { ingressKinds } from "../../engine/views/ingress.ts";
import { isNginxSnippet } from "../../engine/views/nginx-annotations.ts";
import { path } from "../../engine/views/path.ts";
import type { ResourceView } from "../../engine/views/resource-view.ts";

const sources = ["ingress", "configmap"] as const;

const allowSnippets = "allow-snippet-annotations";

export const rule = defineRule({
  id: "no-nginx-snippets",
  revision: 1,
  title: "No nginx configuration in annotations",
  category: "network",
  severity: "High",
  kinds: [...ingressKinds, "ConfigMap"],
  why: "A snippet is nginx configuration that runs inside the controller. Whoever may write an Ingress reads the controller's service account token with it, and by that the Secrets of the whole cluster (CVE-2021-25742).",
  fix: 'Use the annotations that the controller has for the purpose, remove the snippets, and set allow-snippet-annotations to "false".',
  packs: { recommended: {}, strict: {}, network: {}, nsa: {} },
  aliases: [
    { id: "CONFIGMAP_CVE2021_25742_INCORRECT_SNIPPET_ANNOTATIONS_VALUE", params: { sources: ["configmap"] } },
    { id: "INGRESS_CVE2021_25742_INCORRECT_SERVER_SNIPPET_KEY", params: { sources: ["ingress"] } },
  ],
  references: [
    "https://nvd.nist.gov/vuln/detail/CVE-2021-25742",
    "https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/configmap/#allow-snippet-annotations",
  ],
  params: z.strictObject({
    sources: z
      .array(z.enum(sources))
      .default([...sources])
      .describe("Where to look: at Ingresses that hold snippets, at ConfigMaps of the controller that allow them"),
  }),
  messages: {
    snippet: "The annotation {annotation} is nginx configuration that runs in the controller",
    allowed: "The controller takes snippets from every Ingress: allow-snippet-annotations is {value}",
  },
  check({ resource, params, report }) {
    if (resource.kindName === "ConfigMap") {
      const value = textAt(resource.object, "data", allowSnippets);
      if (!params.sources.includes("configmap") || value === undefined || value === "false") return;
      if (!isOfController(resource)) return;
      const shown = printable(value, 64);
      report("allowed", { path: path("data", allowSnippets), data: { value: shown }, value: shown });
    } else if (params.sources.includes("ingress")) {
      for (const key of [...resource.annotations.keys()].filter(isNginxSnippet))
        report("snippet", { path: path("metadata", "annotations", key), data: { annotation: printable(key) } });
    }
  },
});

const controllerConfigs: ReadonlySet<string> = new Set(["nginx-config", "nginx-conf", "nginx-configuration"]);
const controllerNamespaces: ReadonlySet<string> = new Set(["ingress-nginx", "nginx-ingress"]);

/** The names under which charts and manifests of the controllers install its ConfigMap. */
function isOfController({ id: { name, namespace } }: ResourceView): boolean {
  return (
    controllerConfigs.has(name) || name.endsWith("ingress-nginx-controller") || controllerNamespaces.has(namespace)
  );
}
