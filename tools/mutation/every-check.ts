/**
 * `node tools/mutation/every-check.ts src/engine/values/image.ts`: ends with status 1 as soon as a check of a rule or a
 * unit test of the views that loads the module does not hold: first the rules, because what the tests need takes longer
 * to load.
 */
import { checksThatLoad } from "./checks.ts";

const [file = ""] = process.argv.slice(2);
process.exitCode = 0;
for await (const check of checksThatLoad(file))
  if (!check.holds()) {
    process.exitCode = 1;
    break;
  }
