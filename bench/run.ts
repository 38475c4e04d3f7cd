/**
 * `node bench/run.ts [NAME…]`: runs the benches of these names, or all of them, one after the other. Ends with 1 if a target was
 * missed or a bench failed. OBJECTS and SEED in the environment choose how many live objects there are and what they look like.
 */
import type { Bench, Measurement } from "./bench.ts";
import { tableOf, writeResults } from "./results.ts";
import { baselineBench } from "./suite/baseline.ts";
import { changesBench } from "./suite/changes.ts";
import { etcdBench } from "./suite/etcd.ts";
import { idleBench } from "./suite/idle.ts";
import { rulesBench } from "./suite/rules.ts";
import { scanBench } from "./suite/scan.ts";

const benches: readonly Bench[] = [scanBench, changesBench, idleBench, etcdBench, baselineBench, rulesBench];

const names = process.argv.slice(2);
const unknown = names.filter((name) => !benches.some((bench) => bench.name === name));
if (unknown.length > 0) {
  console.error(`no bench is called ${unknown.join(", ")}; there are ${benches.map(({ name }) => name).join(", ")}`);
  process.exit(2);
}

const objects = positive("OBJECTS");
const seed = positive("SEED") ?? 20_261_121;
console.log(`seed ${seed}${objects === undefined ? "" : `, ${objects} objects`}, Node ${process.version}`);
const missed: string[] = [];
for (const bench of benches.filter(({ name }) => names.length === 0 || names.includes(name))) {
  console.log(`\n── ${bench.name}: ${bench.summary}`);
  const startedAt = performance.now();
  const measured = await attempt(bench);
  if (measured === undefined) {
    missed.push(bench.name);
    continue;
  }
  console.log(`\n${tableOf(measured)}\n`);
  const path = writeResults(bench.name, measured);
  console.log(`── ${bench.name}: ${((performance.now() - startedAt) / 1000).toFixed(0)} s, written to ${path}`);
  missed.push(...measured.filter(({ holds }) => holds === false).map(({ metric }) => `${bench.name}: ${metric}`));
}
if (missed.length > 0) {
  console.log(`\nMISSED\n${missed.map((one) => `  ${one}`).join("\n")}`);
  process.exitCode = 1;
}

/** One bench that cannot be run is no reason to leave out the others. */
async function attempt(bench: Bench): Promise<readonly Measurement[] | undefined> {
  try {
    return await bench.run({ objects, seed, say: (line) => console.log(`   ${line}`) });
  } catch (error) {
    console.error(error);
    return undefined;
  }
}

function positive(variable: string): number | undefined {
  const text = process.env[variable];
  if (text === undefined || text === "") return undefined;
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  console.error(`${variable} must be a whole number above 0, not ${JSON.stringify(text)}`);
  process.exit(2);
}
