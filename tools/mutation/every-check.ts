/**
 * Ends with status 1 as soon as a unit test of the views or a fixture of any rule does not hold; begins with the unit
 * tests of the file that is given.
 */
import { basename, join } from "node:path";
import { collectUnitTests } from "./collected-tests.ts";

const [mutated = ""] = process.argv.slice(2);
for (const { run } of await collectUnitTests(join(import.meta.dirname, "../.."), `${basename(mutated, ".ts")}.test.ts`))
  run();
const { everyCheck } = await import("./checks.ts");
process.exitCode = (await everyCheck()).every((check) => check.holds()) ? 0 : 1;
