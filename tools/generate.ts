/**
 * Makes everything that is generated: `node tools/generate.ts` writes it,
 * `node tools/generate.ts --check` only compares and fails if anything differs.
 */
import { join } from "node:path";
import { InvalidRulesError } from "../src/engine/registry.ts";
import { chart } from "./generators/chart.ts";
import { crds } from "./generators/crds.ts";
import { faults } from "./generators/faults.ts";
import type { Generator } from "./generators/generator.ts";
import { grafana } from "./generators/grafana.ts";
import { messageSchemas } from "./generators/message-schemas.ts";
import { metricsReference } from "./generators/metrics-reference.ts";
import { prometheus } from "./generators/prometheus.ts";
import { rbac } from "./generators/rbac.ts";
import { reference } from "./generators/reference.ts";
import { rulePages } from "./generators/rule-pages.ts";
import { rulesCatalogue } from "./generators/rules-catalogue.ts";
import { rulesIndex } from "./generators/rules-index.ts";
import { runbooks } from "./generators/runbooks.ts";
import { settingsReference } from "./generators/settings-reference.ts";
import { collectOutputs, findDifferences, writeOutputs } from "./generators/tree.ts";
import { InvalidFixtureError } from "./rule-fixtures.ts";

/** Every generator; one that reads what another writes comes after it. */
const generators: readonly Generator[] = [
  crds,
  reference,
  metricsReference,
  settingsReference,
  messageSchemas,
  rulesIndex,
  rulePages,
  rulesCatalogue,
  rbac,
  faults,
  grafana,
  prometheus,
  runbooks,
  chart,
];

const root = join(import.meta.dirname, "..");

async function check(): Promise<void> {
  const outputs = await collectOutputs(generators);
  const differences = await findDifferences(root, outputs);
  for (const { path, state, generator } of differences)
    console.error(`${state}: ${path}${generator === undefined ? "" : ` (${generator})`}`);
  if (differences.length > 0) {
    console.error("Generated files are not what their sources say: run npm run generate and commit the result.");
    process.exitCode = 1;
  } else {
    console.log(`${outputs.size} generated files are what their sources say`);
  }
}

async function write(): Promise<void> {
  // One after the other, because a generator may import what the one before it wrote.
  for (const generator of generators) {
    const outputs = await collectOutputs([generator]);
    const differences = (await findDifferences(root, outputs)).filter(({ state }) => state !== "surplus");
    await writeOutputs(root, outputs, differences);
    for (const { path } of differences) console.log(`wrote ${path} (${generator.name})`);
  }
  const outputs = await collectOutputs(generators);
  const surplus = await findDifferences(root, outputs);
  await writeOutputs(root, outputs, surplus);
  for (const { path } of surplus) console.log(`removed ${path}: no generator makes it`);
}

const [option, ...more] = process.argv.slice(2);
if ((option !== undefined && option !== "--check") || more.length > 0) {
  console.error("usage: node tools/generate.ts [--check]");
  process.exitCode = 2;
} else {
  try {
    await (option === "--check" ? check() : write());
  } catch (error) {
    // Mistakes of whoever writes rules; where they come from in our code tells nothing.
    if (!(error instanceof InvalidRulesError || error instanceof InvalidFixtureError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
