/**
 * `npm run test:oracles`: what other projects' fixtures say, and what our rules say. Ends with status 1 where the two
 * part in a way that the list of known differences does not explain, 2 where it cannot run.
 */
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { rules } from "../../src/rules/index.generated.ts";
import { askAll } from "./ask.ts";
import { listOfKnownDifferences, readKnownDifferences } from "./known-differences.ts";
import { OracleFormatError, readOracles } from "./oracle-set.ts";
import { score } from "./score.ts";
import { scoreText } from "./table.ts";

const usage = "usage: npm run test:oracles -- [--dir DIR] [--json FILE] [--known FILE]";

/** The command line cannot be understood. */
class UsageError extends Error {
  override readonly name = "UsageError";
}

try {
  const { dir, json, known } = readOptions();
  const result = score(askAll(readOracles(dir), rules), readKnownDifferences(known));
  console.log(scoreText(result));
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(result, null, 2)}\n`);
  process.exitCode = result.failures.length > 0 ? 1 : 0;
} catch (error) {
  if (!(error instanceof OracleFormatError) && !(error instanceof UsageError)) throw error;
  console.error(`${error.message}\n${usage}`);
  process.exitCode = 2;
}

interface Options {
  readonly dir: string;
  readonly json: string | undefined;
  readonly known: string | URL;
}

function readOptions(): Options {
  const values = parse();
  const shared = join(import.meta.dirname, "../../../shared/oracles");
  return { dir: resolve(values.dir ?? shared), json: values.json, known: values.known ?? listOfKnownDifferences };
}

function parse() {
  try {
    return parseArgs({ options: { dir: { type: "string" }, json: { type: "string" }, known: { type: "string" } } })
      .values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
