import { type Alert, alerts } from "../observability/alerts.ts";
import { type Generator, notice } from "./generator.ts";
import { code, table } from "./markdown.ts";
import { runbookPath } from "./prometheus.ts";

/** What to do about each alert, in `docs/runbooks`. */
export const runbooks: Generator = {
  name: "runbooks",
  outputs: async () =>
    new Map([
      ["docs/runbooks/README.md", index()],
      ...alerts.map((alert): [string, string] => [runbookPath(alert), page(alert)]),
    ]),
};

const head = `<!-- ${notice("runbooks", "tools/observability/alerts.ts")} -->`;

function index(): string {
  const rows = alerts.map(({ name, severity, runbook }) => [`[${name}](${name}.md)`, severity, runbook.meaning]);
  return `${[
    head,
    "# Runbooks",
    "One page for each alert of `config/prometheus/rules.yaml`.",
    table(["Alert", "Severity", "What was seen"], rows),
  ].join("\n\n")}\n`;
}

function page({ name, severity, expr, window, for: pending, runbook }: Alert): string {
  return `${[
    head,
    `# ${name}`,
    `Severity: ${severity}. Fires when this holds for ${code(pending)}:`,
    fenced("promql", expr(window)),
    `**What was seen.** ${runbook.meaning}`,
    `**What it means for you.** ${runbook.impact}`,
    "## Look",
    fenced("sh", runbook.diagnosis.join("\n")),
    "## Act",
    runbook.actions.map((action) => `- ${action}`).join("\n"),
  ].join("\n\n")}\n`;
}

function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}
