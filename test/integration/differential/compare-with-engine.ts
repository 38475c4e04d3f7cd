import { setTimeout as delay } from "node:timers/promises";
import { expect } from "vitest";
import { stableJson } from "../../../src/engine/values/stable-json.ts";
import type { Bench } from "../operator/bench.ts";
import { type ExportedCluster, type ExportedPolicy, exportCluster } from "./exported-cluster.ts";
import { type JudgedCluster, judgeCluster, replay } from "./replayed-ledger.ts";
import { canonical, type StoredLedger, type StoredObject, storedLedgers } from "./stored-ledgers.ts";
import { computedViolations, ruleOf, shownViolations } from "./violation-lines.ts";

export interface CompareOptions {
  /**
   * Nothing has changed for more than a minute, and a scan has ended since: then also what is held back for a minute has to be shown
   * (violations of inventory rules, the number of resources, the Baseline of a young namespace under `Adopt`). Default false.
   */
  readonly settled?: boolean;
  /** How long the operator may take to come to rest. Default 30 s. */
  readonly timeoutMs?: number;
}

/** The state of some policies, once as the operator shows it and once as the engine has it; equal when all is well. */
interface Views {
  readonly violations: Readonly<Record<string, readonly string[]>>;
  readonly objects: Readonly<Record<string, StoredObject>>;
}

/**
 * Waits until what the operator has stored for these policies says the same, byte for byte, as the engine run over the objects that the
 * API server holds; resolves with those bytes. Fails, with the difference, when it does not come to that in time.
 *
 * It is compared twice. The violations that the reports show, by state: with what `evaluate` finds, of which is Known what the Baselines
 * cover. And every stored object: with what the pure ledger would make of it. So a violation that was lost, one that is
 * called fixed although it is there, and one in the wrong state each make a difference.
 */
export async function compareWithEngine(
  bench: Bench,
  policies: readonly string[],
  { settled = false, timeoutMs = 30_000 }: CompareOptions = {},
): Promise<string> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const outcome = await compareOnce(bench, policies, settled);
    const isLast = performance.now() > deadline;
    if ("failure" in outcome) {
      if (isLast) throw outcome.failure;
    } else {
      const bytes = stableJson(outcome.shown);
      if (bytes === stableJson(outcome.computed)) return bytes;
      if (isLast) expect(outcome.shown).toEqual(outcome.computed);
    }
    await delay(settled ? 2_000 : 250);
  }
}

/** What the operator has stored for these policies: each object by its name, in the bytes that {@link compareWithEngine} compares. */
export async function shownObjects(
  bench: Bench,
  policies: readonly string[],
  settled = false,
): Promise<Readonly<Record<string, string>>> {
  const { objects } = shownBy(await storedLedgers(bench), policies, settled);
  return Object.fromEntries(Object.entries(objects).map(([name, object]) => [name, stableJson(object)]));
}

type Outcome = { readonly shown: Views; readonly computed: Views } | { readonly failure: unknown };

async function compareOnce(bench: Bench, policies: readonly string[], settled: boolean): Promise<Outcome> {
  try {
    // What is stored is read first: objects that come later are then the operator's to catch up with.
    const ledgers = await storedLedgers(bench);
    const judged = judgeCluster(await exportCluster(bench));
    return {
      shown: shownBy(ledgers, policies, settled),
      computed: computedBy(judged, ledgers, policies, settled),
    };
  } catch (failure) {
    return { failure };
  }
}

function shownBy(ledgers: ReadonlyMap<string, StoredLedger>, policies: readonly string[], settled: boolean): Views {
  const mine = ofPolicies(ledgers, policies);
  const objects = mine.flatMap(({ baselines, reports }) => [...baselines, ...reports]);
  return {
    violations: Object.fromEntries(policies.map((policy) => [policy, shownViolations(ofPolicies(ledgers, [policy]))])),
    objects: named(objects, settled),
  };
}

function computedBy(
  judged: JudgedCluster,
  ledgers: ReadonlyMap<string, StoredLedger>,
  policies: readonly string[],
  settled: boolean,
): Views {
  const violations: Record<string, readonly string[]> = {};
  const objects: StoredObject[] = [];
  for (const name of policies) {
    const policy = judged.cluster.policies.get(name);
    if (policy === undefined) throw new Error(`there is no Policy ${name}`);
    violations[name] = violationsOf(judged.cluster, policy, ofPolicies(ledgers, [name]), settled);
    for (const ledger of withMissing(judged.cluster, policy, ledgers))
      objects.push(...expectedObjects(judged, policy, ledger, settled));
  }
  return { violations, objects: named(objects, settled) };
}

/** What an inventory rule finds may be held back for a minute, but what is shown of it has to be there. */
function violationsOf(
  cluster: ExportedCluster,
  { compiled }: ExportedPolicy,
  ledgers: readonly StoredLedger[],
  settled: boolean,
): readonly string[] {
  const all = [...cluster.policies.values()].map((policy) => policy.compiled);
  const computed = computedViolations(cluster, compiled, all, ledgers);
  if (settled) return computed;
  const shown = new Set(shownViolations(ledgers));
  const isHeldBack = (line: string) =>
    compiled.ledgerRules.get(ruleOf(line))?.scope === "inventory" && !shown.has(line);
  return computed.filter((line) => !isHeldBack(line));
}

/** The ledgers that are stored, and those of which there should be something. */
function withMissing(
  { namespaces }: ExportedCluster,
  { compiled }: ExportedPolicy,
  ledgers: ReadonlyMap<string, StoredLedger>,
): readonly StoredLedger[] {
  const places = [...namespaces].flatMap(([name, { labels }]) =>
    compiled.matcher.matchesNamespace(name, labels) ? [name] : [],
  );
  const missing = [...places, ...(compiled.clusterResources ? [""] : [])]
    .filter((namespace) => !ledgers.has(`${compiled.name}/${namespace}`))
    .map((namespace) => ({ policy: compiled.name, namespace, baselines: [], reports: [] }));
  return [...ofPolicies(ledgers, [compiled.name]), ...missing];
}

function expectedObjects(
  judged: JudgedCluster,
  policy: ExportedPolicy,
  ledger: StoredLedger,
  settled: boolean,
): readonly StoredObject[] {
  const { compiled, baselineTakenAt } = policy;
  const { namespace, baselines, reports } = ledger;
  const info = judged.cluster.namespaces.get(namespace);
  // Nothing is written into a namespace that is being deleted.
  if (info?.terminating) return [...baselines, ...reports];
  const isInScope =
    namespace === ""
      ? compiled.clusterResources
      : info !== undefined && compiled.matcher.matchesNamespace(namespace, info.labels);
  if (!isInScope) return baselines.map((baseline) => retired(baseline, namespace !== "" && info === undefined));
  const isYoung = baselineTakenAt !== undefined && info !== undefined && info.createdAt > Date.parse(baselineTakenAt);
  const awaitsScan = isYoung && compiled.baseline.newNamespaces === "Adopt" && baselines.length === 0;
  return awaitsScan && !settled ? reports : replay(judged, policy, ledger, Date.now(), settled);
}

/** Where nothing is judged any more the Baseline says since when, and there is no report. */
function retired(baseline: StoredObject, isGone: boolean): StoredObject {
  const mark = isGone ? "namespaceGoneSince" : "outOfScopeSince";
  // Parts say nothing but what they hold.
  if (baseline.part !== undefined) return baseline;
  return { ...baseline, [mark]: baseline[mark] ?? "an instant" };
}

function ofPolicies(ledgers: ReadonlyMap<string, StoredLedger>, policies: readonly string[]): readonly StoredLedger[] {
  return [...ledgers.values()].filter(({ policy }) => policies.includes(policy));
}

function named(objects: readonly StoredObject[], settled: boolean): Readonly<Record<string, StoredObject>> {
  const nameOf = ({ kind, metadata }: StoredObject) => `${kind} ${metadata.namespace ?? "-"}/${metadata.name}`;
  const sorted = objects.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  return Object.fromEntries(sorted.map((object) => [nameOf(object), canonical(object, settled)]));
}
