import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { baselineKind } from "../../src/api/baseline.ts";
import {
  degradedReasons,
  holeReasons,
  inactiveRuleReasons,
  policyConditions,
  readyReasons,
  stalledReasons,
} from "../../src/api/conditions.ts";
import { apiVersion, category } from "../../src/api/group.ts";
import type { KindDefinition } from "../../src/api/kind-definition.ts";
import { annotations, labels } from "../../src/api/names.ts";
import { policyKind } from "../../src/api/policy.ts";
import { reportSubscriptionKind } from "../../src/api/report-subscription.ts";
import {
  subscriptionConditions,
  subscriptionDegradedReasons,
  subscriptionReadyReasons,
  subscriptionStalledReasons,
} from "../../src/api/report-subscription-conditions.ts";
import { changeReasons, clusterScanReportKind, scanReportKind } from "../../src/api/scan-report.ts";
import { clusterScanReportPartKind, scanReportPartKind } from "../../src/api/scan-report-part.ts";
import { type Generator, notice } from "./generator.ts";
import { code, table } from "./markdown.ts";
import { crossFieldChecks, fieldRows } from "./schema-tables.ts";
import { structuralSchema } from "./structural-schema.ts";

/** One page per kind a user meets, in `docs/reference/`. */
export const reference: Generator = {
  name: "reference",
  outputs: async () =>
    new Map([
      ["docs/reference/policy.md", await policyPage()],
      ["docs/reference/scan-report.md", await scanReportPage()],
      ["docs/reference/baseline.md", await baselinePage()],
      ["docs/reference/report-subscription.md", await reportSubscriptionPage()],
    ]),
};

async function policyPage(): Promise<string> {
  return page("Policy", [
    ...intro(policyKind),
    ...(await example("policy.yaml")),
    ...fields(policyKind, "## Fields"),
    ...checks(policyKind),
    "## Scanning on demand",
    `Set the annotation ${code(annotations.scanRequestedAt)} to a new value. The full scan that answers it is done when \`status.lastHandledScanRequest\` holds that value:`,
    `\`\`\`sh\nkubectl annotate ppol production ${annotations.scanRequestedAt}="$(date -u +%FT%TZ)" --overwrite\n\`\`\``,
    "## Conditions",
    meanings("Type", policyConditions),
    "### Reasons of Ready=True",
    meanings("Reason", readyReasons),
    "### Reasons of Ready=False and Stalled=True",
    meanings("Reason", stalledReasons),
    "### Reasons of Degraded=True",
    meanings("Reason", degradedReasons),
    "## Reasons in the status",
    "### status.coverage.holes",
    meanings("Reason", holeReasons),
    "### status.inactiveRules",
    meanings("Reason", inactiveRuleReasons),
  ]);
}

async function scanReportPage(): Promise<string> {
  for (const [one, other] of [
    [scanReportKind, clusterScanReportKind],
    [scanReportPartKind, clusterScanReportPartKind],
  ] as const)
    requireSameFields(one, other);
  return page("ScanReport and ClusterScanReport", [
    ...intro(scanReportKind),
    ...(await example("scan-report.yaml")),
    `Labels: ${code(labels.policy)} holds the name of the policy.`,
    ...fields(scanReportKind, "## Fields"),
    "### Reasons of changes",
    meanings("Reason", changeReasons),
    "## ClusterScanReport",
    ...intro(clusterScanReportKind),
    "Its fields are those of ScanReport.",
    "## Parts",
    "A report is at most 128 KiB. When its rows need more, they stand in parts named `<policy>.<n>`, and the report's own `violating` is empty.",
    ...intro(scanReportPartKind),
    ...fields(scanReportPartKind, "### Fields"),
    "### ClusterScanReportPart",
    ...intro(clusterScanReportPartKind),
    "Its fields are those of ScanReportPart.",
  ]);
}

async function baselinePage(): Promise<string> {
  return page("Baseline", [
    ...intro(baselineKind),
    ...(await example("baseline.yaml")),
    `Labels: ${code(labels.policy)} holds the name of the policy, ${code(labels.namespace)} that of the namespace.`,
    ...fields(baselineKind, "## Fields"),
  ]);
}

async function reportSubscriptionPage(): Promise<string> {
  return page("ReportSubscription", [
    ...intro(reportSubscriptionKind),
    ...(await example("report-subscription.yaml")),
    ...fields(reportSubscriptionKind, "## Fields"),
    ...checks(reportSubscriptionKind),
    "## Conditions",
    meanings("Type", subscriptionConditions),
    "### Reasons of Ready=True",
    meanings("Reason", subscriptionReadyReasons),
    "### Reasons of Ready=False and Stalled=True",
    meanings("Reason", subscriptionStalledReasons),
    "### Reasons of Degraded=True",
    meanings("Reason", subscriptionDegradedReasons),
  ]);
}

function page(title: string, blocks: readonly string[]): string {
  return `${[`<!-- ${notice("reference", "src/api")} -->`, `# ${title}`, ...blocks].join("\n\n")}\n`;
}

function intro(definition: KindDefinition): string[] {
  const { kind, plural, shortNames, scope, inCategory, selectableFields } = definition;
  const names = [`${plural}.${apiVersion.split("/")[0]}`, ...shortNames, ...(inCategory ? [category] : [])];
  const facts: (readonly [string, string])[] = [
    ["apiVersion", code(apiVersion)],
    ["kind", code(kind)],
    ["scope", scope],
    ["`kubectl get`", names.map(code).join(", ")],
    ...(selectableFields.length > 0
      ? [["field selectors", selectableFields.map((path) => code(path.slice(1))).join(", ")] as const]
      : []),
  ];
  return [
    structuralSchema(definition.schema).description ?? "",
    table(["", ""], facts),
    `Columns of \`kubectl get\`:`,
    table(
      ["Column", "What it shows"],
      definition.columns.map(({ name, description, wide }) => [
        name.toUpperCase(),
        wide === true ? `${description} Only with \`-o wide\`.` : description,
      ]),
    ),
  ];
}

async function example(file: string): Promise<string[]> {
  const text = await readFile(join(import.meta.dirname, "examples", file), "utf8");
  return [`Example:`, `\`\`\`yaml\n${text.trimEnd()}\n\`\`\``];
}

function fields(definition: KindDefinition, heading: string): string[] {
  return [heading, table(["Field", "Type", "Default", "Description"], fieldRows(structuralSchema(definition.schema)))];
}

function checks(definition: KindDefinition): string[] {
  const found = crossFieldChecks(structuralSchema(definition.schema));
  return ["## Checks between fields", `The API server rejects a ${definition.kind} in which:`, found.join("\n")];
}

function meanings(heading: string, entries: Readonly<Record<string, string>>): string {
  return table(
    [heading, "Meaning"],
    Object.entries(entries).map(([name, meaning]) => [code(name), meaning]),
  );
}

function requireSameFields(one: KindDefinition, other: KindDefinition): void {
  const [a, b] = [structuralSchema(one.schema).properties, structuralSchema(other.schema).properties];
  if (!isDeepStrictEqual(a, b))
    throw new Error(`${one.kind} and ${other.kind} differ in their fields: give each its own table in the reference`);
}
