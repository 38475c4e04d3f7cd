/**
 * `make test`: every check in order, each announced, none skipped because an earlier one failed, except the
 * integration tests when there is no control plane to run them on. PAWL_E2E=1 adds what `make e2e` does.
 * Ends with one plain line: the sum over the vitest runs, in which the verdicts of other projects, where they are
 * at hand, count as one test.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { countTests, summaryLine, type TestCounts } from "./test-counts.ts";

const root = join(import.meta.dirname, "..");
const env: NodeJS.ProcessEnv = {
  ...process.env,
  PATH: `${join(root, "node_modules", ".bin")}${delimiter}${process.env.PATH ?? ""}`,
};
/** Where the cases of other projects lie beside a checkout; they are no part of the repository. */
const oracles = join(root, "../shared/oracles");
const results = mkdtempSync(join(tmpdir(), "pawl-test-"));
const failures: string[] = [];
const counts: TestCounts[] = [];

async function step(name: string, command: string, args: readonly string[]): Promise<boolean> {
  console.log(`\n── ${name}: ${command} ${args.join(" ")}`);
  const started = performance.now();
  const code = await run(command, args);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`── ${name}: ${code === 0 ? "ok" : `FAILED (${code})`} after ${seconds} s`);
  if (code !== 0) failures.push(name);
  return code === 0;
}

async function testStep(project: string): Promise<void> {
  const file = join(results, `${project}.json`);
  await step(`${project} tests`, "vitest", [
    "run",
    `--project=${project}`,
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${file}`,
  ]);
  counts.push(countTests(file));
}

/** The disagreements that nobody has explained stand in the output: how many there are is no number of tests. */
async function oracleStep(): Promise<void> {
  const agreed = await step("verdicts of other projects", "npm", ["run", "--silent", "test:oracles"]);
  counts.push({ passed: agreed ? 1 : 0, failed: agreed ? 0 : 1, skipped: 0 });
}

/** A check that counts as one test. */
async function checkStep(name: string, args: readonly string[]): Promise<void> {
  const passed = await step(name, "node", args);
  counts.push({ passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 });
}

/** Needs Docker and kind, so it runs only where somebody asks for it. */
async function e2eStep(): Promise<void> {
  env.TAG = "ghcr.io/pawl-dev/pawl:e2e";
  if (await step("image", "node", ["tools/image/build.ts"])) await testStep("e2e");
  else counts.push({ passed: 0, failed: 1, skipped: 0 });
}

function run(command: string, args: readonly string[]): Promise<number | NodeJS.Signals> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env, stdio: ["ignore", "inherit", "inherit"] });
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(code ?? signal ?? 1));
  });
}

try {
  const binaries = await step("control-plane binaries", "node", ["tools/control-plane/cli.ts", "binaries"]);
  const helm = await step("helm", "node", ["tools/helm/cli.ts"]);
  await step("types", "npm", ["run", "--silent", "typecheck"]);
  await step("lint", "npm", ["run", "--silent", "lint"]);
  await step("generated files", "npm", ["run", "--silent", "verify"]);
  await testStep("unit");
  if (existsSync(oracles)) await oracleStep();
  if (binaries && helm) {
    env.PAWL_USED_RIGHTS = join(results, "used-rights");
    await testStep("integration");
    await checkStep("rights that are granted and used", ["tools/used-rights.ts", env.PAWL_USED_RIGHTS]);
  } else counts.push({ passed: 0, failed: 1, skipped: 0 });
  if (process.env.PAWL_E2E === "1") await e2eStep();
} finally {
  rmSync(results, { recursive: true, force: true });
}

if (failures.length > 0) console.log(`\nFAILED: ${failures.join(", ")}`);
console.log(summaryLine(counts));
process.exitCode = failures.length === 0 ? 0 : 1;
