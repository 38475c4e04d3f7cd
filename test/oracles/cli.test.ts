import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { listOfKnownDifferences, readKnownDifferences } from "../../tools/oracles/known-differences.ts";
import { OracleFolder } from "./folder.ts";

const cli = join(import.meta.dirname, "../../tools/oracles/cli.ts");

/** Exit status and output of the program. */
async function oracles(...args: readonly string[]) {
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [cli, ...args]);
    return { status: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { status: code, stdout, stderr };
  }
}

const pod = (privileged: boolean) =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: one}\nspec: {containers: [{name: app, securityContext: {privileged: ${privileged}}}]}\n`;

function folder(expected: string) {
  return new OracleFolder({
    "concept-map.json": { concepts: { privileged: { rules: [{ rule: "no-privileged" }] } } },
    "anybody/expectations.json": {
      cases: { one: { file: "a/one.yaml", concept: "privileged", rule: "P", expected, source: "" } },
    },
    "anybody/a/one.yaml": pod(true),
    "no-set/readme.txt": "not a set",
    "none.yaml": "differences: []\ntraps: {}\n",
  });
}

it("scores any folder of the format and writes the same as data", async () => {
  using agreed = folder("fail");
  const file = join(agreed.path, "score.json");
  const { status, stdout } = await oracles("--dir", agreed.path, "--json", file);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^anybody +1 +1 +1 +0 +0 /m);
  expect(stdout).toMatch(/^no-privileged +1 +1 +0 +0/m);
  expect(stdout).toContain("Nothing unexplained.");
  expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({
    sets: [{ set: "anybody", verdicts: { total: 1, agree: 1, known: 0 } }],
    failures: [],
  });
});

it("ends with 1 and names what nobody explained", async () => {
  using disagreed = folder("pass");
  const { status, stdout } = await oracles("--dir", disagreed.path);
  expect(status).toBe(1);
  expect(stdout).toContain("anybody/one differs: should pass, no-privileged found Pod/one");
});

it("ends with 2 where there is nothing to score, and says how to use it", async () => {
  using empty = new OracleFolder({ "readme.txt": "nothing" });
  for (const args of [["--dir", join(empty.path, "gone")], ["--dir", empty.path], ["--unheard"]]) {
    const { status, stderr } = await oracles(...args);
    expect(status).toBe(2);
    expect(stderr).toContain("usage: npm run test:oracles");
  }
});

it("has a list of known differences that can be read, each with what decides it", () => {
  expect(() => readKnownDifferences(listOfKnownDifferences)).not.toThrow();
});
