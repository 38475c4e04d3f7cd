import { dump } from "js-yaml";
import { z } from "zod";
import manifest from "../../package.json" with { type: "json" };
import { readmeOf } from "../chart/readme.ts";
import { values } from "../chart/values.ts";
import { type JsonSchema, valuesFile } from "../chart/values-file.ts";
import { alerts } from "../observability/alerts.ts";
import { crds } from "./crds.ts";
import { type Generator, notice } from "./generator.ts";
import { grafana } from "./grafana.ts";
import { alertingRule } from "./prometheus.ts";
import { rbac, reportSecretsFile, secretMetadataFile } from "./rbac.ts";

/**
 * What the Helm chart shares with the rest of the repository: its version, its values, and the objects that are generated anyway.
 * The other templates are written by hand.
 */
export const chart: Generator = {
  name: "chart",
  outputs: async () => {
    const schema = z.toJSONSchema(values, { io: "input" }) as JsonSchema;
    const source = "tools/chart/values.ts";
    const about = (from: string) => `# ${notice("chart", from)}\n`;
    return new Map([
      ["chart/Chart.yaml", about("package.json") + dump(chartFile(), { lineWidth: 120 })],
      ["chart/values.yaml", about(source) + valuesFile(schema)],
      ["chart/values.schema.json", `${JSON.stringify({ $comment: notice("chart", source), ...schema }, null, 2)}\n`],
      ["chart/README.md", `<!-- ${notice("chart", source)} -->\n\n${readmeOf(schema)}`],
      [
        "chart/files/alerts.yaml",
        about("tools/observability/alerts.ts") + dump(alertGroups(), { lineWidth: 120, noRefs: true }),
      ],
      ...(await dashboardFiles()),
      ...(await crdTemplates()),
      ...(await rbacTemplates()),
    ]);
  },
};

function chartFile(): object {
  return {
    apiVersion: "v2",
    name: "pawl",
    description: manifest.description,
    type: "application",
    version: manifest.version,
    appVersion: manifest.version,
    kubeVersion: ">=1.34.0-0",
    home: "https://pawl.dev",
    keywords: ["policy", "baseline", "security", "compliance", "scanner"],
  };
}

function alertGroups(): object {
  return { groups: [{ name: "pawl", rules: alerts.map((alert) => alertingRule(alert)) }] };
}

async function dashboardFiles(): Promise<[string, string][]> {
  const files = await grafana.outputs();
  return [...files].map(([path, text]) => [path.replace("config/grafana/", "chart/files/dashboards/"), text]);
}

/** Templates, because Helm never upgrades what lies in a chart's `crds` folder. */
async function crdTemplates(): Promise<[string, string][]> {
  const files = await crds.outputs();
  return [...files].filter(isManifest).map(([path, text]) => {
    const keep = `  {{- if .Values.crds.keep }}\n  annotations:\n    helm.sh/resource-policy: keep\n  {{- end }}\n`;
    const marked = labelled(literal(text)).replace("metadata:\n", `metadata:\n${keep}`);
    return [path.replace("crds/", "chart/templates/crds/"), when(".Values.crds.install", marked)];
  });
}

async function rbacTemplates(): Promise<[string, string][]> {
  const files = await rbac.outputs();
  return [...files].filter(isManifest).map(([path, text]) => {
    const placed = labelled(literal(text)).replaceAll("namespace: pawl-system", "namespace: {{ .Release.Namespace }}");
    const file = path.replace("config/rbac/", "chart/templates/rbac/").replace("optional/", "");
    if (path === secretMetadataFile) return [file, when(".Values.secretMetadata", placed)];
    return [
      file,
      path === reportSecretsFile ? when(`(include "pawl.reportSecrets" .)`, withSecretNames(placed)) : placed,
    ];
  });
}

/** The names of the samples give way to those of the values. */
function withSecretNames(text: string): string {
  return text.replace(
    /^( *)resourceNames:\n(?: *- .*\n)+/m,
    (_, indent: string) => `${indent}resourceNames: {{ include "pawl.reportSecrets" . | splitList "," | toJson }}\n`,
  );
}

function isManifest([path]: readonly [string, string]): boolean {
  return path.endsWith(".yaml");
}

/** Text in which a template engine finds nothing to do. */
function literal(text: string): string {
  return text.replace(/\{\{/g, '{{ "{{" }}');
}

function labelled(text: string): string {
  return text.replace(/^( *)app\.kubernetes\.io\/name: pawl$/gm, (_, indent: string) => {
    const columns = indent.length;
    return `${indent}{{- include "pawl.labels" . | nindent ${columns} }}`;
  });
}

function when(condition: string, text: string): string {
  const [head = "", ...rest] = text.split("\n");
  return `${head}\n{{- if ${condition} }}\n${rest.join("\n")}{{- end }}\n`;
}
