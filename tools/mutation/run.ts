/**
 * `make mutation`: changes the rules and views in small ways, one at a time, and counts how many of the changes the
 * fixtures and unit tests see. Ends with status 1 below the threshold, and where something survives without a reason.
 */
import { readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { parseArgs } from "node:util";
import type { MutantResult } from "@stryker-mutator/api/core";
import { Stryker } from "@stryker-mutator/core";
import { covers, type MutantPlace, readKnownSurvivors } from "./survivors.ts";

const usage = "usage: node tools/mutation/run.ts [--only FOLDER-OR-FILE] [--concurrency N]";
const root = join(import.meta.dirname, "../..");
/** Share of the mutants that must be killed, in percent. */
const threshold = 90;
const everything = ["src/rules", "src/engine/views", "src/engine/values", "src/engine/facts"];

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    concurrency: { type: "string", default: "2" },
  },
});
const folders = values.only === undefined ? everything : [values.only];
const missing = folders.filter((path) => statSync(join(root, path), { throwIfNoEntry: false }) === undefined);
if (missing.length > 0) {
  console.error(`${missing.join(", ")}: no such file or folder\n${usage}`);
  process.exitCode = 2;
} else {
  process.chdir(root);
  const mutants = await runMutants(folders.map((path) => (path.endsWith(".ts") ? path : `${path}/**/*.ts`)));
  process.exitCode = report(mutants) ? 0 : 1;
}

function runMutants(files: readonly string[]): Promise<MutantResult[]> {
  return new Stryker({
    // Tables of facts and generated lists hold no decisions.
    mutate: [...files, "!src/**/*.data.ts", "!src/**/*.generated.ts"],
    testRunner: "checks",
    plugins: ["./tools/mutation/plugins.ts"],
    ignorers: ["descriptions"],
    coverageAnalysis: "perTest",
    concurrency: Number(values.concurrency),
    reporters: ["json", "html", "progress"],
    jsonReporter: { fileName: "coverage/mutation/mutation.json" },
    htmlReporter: { fileName: "coverage/mutation/mutation.html" },
    disableTypeChecks: false,
    tempDirName: ".cache/mutation",
    cleanTempDir: "always",
    ignorePatterns: ["/docs", "/bench", "/coverage"],
    // A mutant that is in force while modules load waits for a process of its own, and a busy machine takes its time.
    timeoutMS: 240_000,
    warnings: { slow: false, unknownOptions: true, preprocessorErrors: true, unserializableOptions: true },
  }).runMutationTest();
}

/**
 * Prints the score by folder and what survived; false where a folder's score is too low, or the list of survivors is not
 * what survived.
 */
function report(mutants: readonly MutantResult[]): boolean {
  const valid = mutants.filter(({ status }) => status !== "Ignored" && status !== "CompileError");
  const byFolder = [...Map.groupBy(valid, ({ fileName }) => dirname(relative(root, fileName)))];
  byFolder.sort(([a], [b]) => (a < b ? -1 : 1));
  console.log("\nmutants  killed  score  folder");
  for (const [folder, own] of [...byFolder, ["all", valid] as const]) console.log(row(folder, own));
  const tooLow = byFolder.filter(([, own]) => score(own) < threshold);
  if (tooLow.length > 0) console.log(`\nBelow ${threshold} %: ${tooLow.map(([folder]) => folder).join(", ")}`);
  const isAsListed = reportSurvivors(valid.filter((mutant) => !isKilled(mutant)));
  return tooLow.length === 0 && isAsListed;
}

/** Whether the list names what survived, and, where everything was tried, nothing else. */
function reportSurvivors(survivors: readonly MutantResult[]): boolean {
  const known = readKnownSurvivors();
  const places = survivors.map((mutant) => ({ ...placeOf(mutant), mutant }));
  const unexplained = places.filter((place) => !known.some((one) => covers(one, place)));
  const stale = values.only === undefined ? known.filter((one) => !places.some((place) => covers(one, place))) : [];
  console.log(`\n${places.length} survived, ${places.length - unexplained.length} of them for a known reason`);
  if (unexplained.length > 0) console.log("\nSurvivors without a reason in tools/mutation/survivors.yaml:");
  for (const { file, line, becomes, mutant } of unexplained)
    console.log(`  ${file}:${mutant.location.start.line} ${mutant.mutatorName}: ${line}  →  ${becomes}`);
  if (stale.length > 0) console.log("\nReasons there of which nothing survives any more:");
  for (const { why, file, line } of stale) console.log(`  ${[file, line].join(" ")}: ${why}`);
  return unexplained.length === 0 && stale.length === 0;
}

function row(folder: string, mutants: readonly MutantResult[]): string {
  const killed = mutants.filter(isKilled).length;
  const cells = [
    String(mutants.length).padStart(7),
    String(killed).padStart(6),
    `${score(mutants).toFixed(1)} %`.padStart(6),
  ];
  return `${cells.join("  ")} ${folder}`;
}

function score(mutants: readonly MutantResult[]): number {
  return mutants.length === 0 ? 100 : (100 * mutants.filter(isKilled).length) / mutants.length;
}

function isKilled({ status }: MutantResult): boolean {
  return status === "Killed" || status === "Timeout" || status === "RuntimeError";
}

function placeOf({ fileName, location, replacement }: MutantResult): MutantPlace {
  const lines = readFileSync(fileName, "utf8").split("\n");
  return {
    file: relative(root, fileName),
    line: lines[location.start.line - 1]?.trim() ?? "",
    becomes: replacement.trim().replace(/\s+/g, " "),
  };
}
