import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { policyKind } from "../../src/api/policy.ts";
import { scanReportKind } from "../../src/api/scan-report.ts";
import { packDescriptions } from "../../src/engine/packs.ts";
import { fieldsOf } from "../../src/engine/schema-fields.ts";
import { rules } from "../../src/rules/index.generated.ts";
import { type SettingDefinition, settingsTable } from "../../src/settings/table.ts";
import { type MetricDefinition, metricTable } from "../../src/telemetry/metric-table.ts";
import { anchors } from "./markdown.ts";
import { root } from "./pages.ts";

function read(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

describe("docs/reference/rules.md", () => {
  const page = read("docs/reference/rules.md");
  const sections = new Map(
    page
      .split(/^## /m)
      .slice(1)
      .map((section) => [section.slice(0, section.indexOf("\n")), section]),
  );

  test.each(rules)("says of $id what goes wrong, how to fix it, and all its parameters", ({ id, why, fix, params }) => {
    const section = sections.get(id) ?? "";

    expect(section).toContain(why);
    expect(section).toContain(fix);
    for (const name of fieldsOf(params) ?? []) expect(section).toContain(`| \`${name}\` |`);
  });

  test.each(rules)("leads from the table to $id", ({ id, title }) => {
    expect(page).toContain(`| [\`${id}\`](#${id}) |`);
    expect(page).toContain(title);
    expect(anchors(page)).toContain(id);
  });

  test.each(Object.entries(packDescriptions))("describes the pack %s", (name, description) => {
    expect(page).toContain(`| \`${name}\` | ${description} |`);
  });
});

test.each(Object.values<MetricDefinition>(metricTable))(
  "docs/reference/metrics.md has $name with its labels",
  ({ name, kind, labels, help }) => {
    const row = [`\`${name}\``, kind, labels.map((label) => `\`${label}\``).join(", "), help].join(" | ");

    expect(read("docs/reference/metrics.md")).toContain(`| ${row} |`);
  },
);

test.each(Object.values<SettingDefinition>(settingsTable))(
  "docs/reference/settings.md has --$flag with its variables",
  ({ flag, env, description }) => {
    const page = read("docs/reference/settings.md");
    const row = page.split("\n").find((line) => line.startsWith(`| \`--${flag}`)) ?? "";

    for (const variable of env) expect(row).toContain(`\`${variable}\``);
    expect(row).toContain(description);
  },
);

describe("docs/guides/reading-reports.md", () => {
  const explained = read("docs/guides/reading-reports.md")
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .flatMap((line) => (line.split(" | ")[0] ?? "").slice("| ".length).split(", "));

  const columns = [...scanReportKind.columns, ...policyKind.columns].map(({ name }) => name.toUpperCase());

  test.each([...new Set(columns)].filter((name) => name !== "AGE"))("explains the column %s", (name) => {
    expect(explained).toContain(name);
  });
});
