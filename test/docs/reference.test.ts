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
import { plain } from "../../tools/generators/markdown.ts";
import { readFixtures } from "../../tools/rule-fixtures.ts";
import { anchors } from "./markdown.ts";
import { root } from "./pages.ts";

function read(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

describe("docs/rules", () => {
  const catalogue = read("docs/rules/README.md");

  test.each(rules)("says on the page of $id what goes wrong, how to fix it, and all its parameters", (rule) => {
    const page = read(`docs/rules/${rule.id}.md`);

    expect(page).toContain(rule.why);
    expect(page).toContain(rule.fix);
    for (const name of fieldsOf(rule.params) ?? []) expect(page).toContain(`| \`${name}\` |`);
    for (const { id } of rule.aliases ?? []) expect(page).toContain(`\`${id}\``);
  });

  test.each(rules)("answers on the page of $id in the order in which a reader asks", ({ id }) => {
    const headings = read(`docs/rules/${id}.md`)
      .split("\n")
      .filter((line) => line.startsWith("## "))
      .map((line) => line.slice("## ".length));
    const order = ["When exactly", "What goes wrong", "How to fix it", "Parameters", "How to except"];

    expect(order.filter((heading) => headings.includes(heading))).toEqual(
      headings.filter((heading) => order.includes(heading)),
    );
    expect(headings).toEqual(expect.arrayContaining(order.filter((heading) => heading !== "Parameters")));
  });

  test.each(rules)("shows every case of $id, and a manifest that fails", ({ id }) => {
    const page = read(`docs/rules/${id}.md`);

    for (const { name, expect: expected } of readFixtures(id)) {
      expect(page).toContain(`(../../test/rules/${id}/${name})`);
      for (const { text } of expected) expect(page).toContain(plain(text).replaceAll("|", "\\|"));
    }
    expect(page).toContain("```yaml\n");
  });

  test.each(rules)("leads from the catalogue to $id and its Datree identifiers", ({ id, title, aliases = [] }) => {
    expect(catalogue).toContain(`| [\`${id}\`](${id}.md) |`);
    expect(catalogue).toContain(title);
    for (const alias of aliases) expect(catalogue).toContain(`| \`${alias.id}\` | [\`${id}\`](${id}.md) |`);
  });

  test.each(Object.entries(packDescriptions))("describes the pack %s", (name, description) => {
    expect(catalogue).toContain(`| \`${name}\` | ${description} |`);
    expect(anchors(catalogue)).toContain(`pack-${name}`);
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
