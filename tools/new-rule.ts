/** Starts a rule: `npm run new-rule <category> <id>` writes the rule and its first fixtures, to be filled in, and lists it. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ruleFiles } from "./generators/rules-index.ts";
import { ruleScaffold } from "./rule-scaffold.ts";

const root = join(import.meta.dirname, "..");
const [category = "", id = "", ...more] = process.argv.slice(2);
const scaffold =
  more.length > 0 || id === ""
    ? { ok: false as const, problem: "usage: npm run new-rule <category> <id>" }
    : ruleScaffold(category, id, await ruleFiles(join(root, "src/rules")));

if (scaffold.ok) {
  for (const [path, content] of scaffold.files) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content, { flag: "wx" });
    console.log(`wrote ${path}`);
  }
  const [index, content] = scaffold.index;
  await writeFile(join(root, index), content);
  console.log(`wrote ${index}`);
  console.log(
    `Fill them in, and run until it is green: npx vitest run --project unit --hideSkippedTests test/rules/rules.test.ts -t ${id}`,
  );
  console.log("CONTRIBUTING.md says what comes then.");
} else {
  console.error(scaffold.problem);
  process.exitCode = 2;
}
