import type { Baseline } from "../../../src/api/baseline.ts";
import type { ScanReport } from "../../../src/api/scan-report.ts";
import type { ScanReportPart } from "../../../src/api/scan-report-part.ts";
import type { ViolatingResource } from "../../../src/api/violating.ts";
import type { CompiledPolicy } from "../../../src/engine/compiled-policy.ts";
import { evaluate } from "../../../src/engine/evaluate.ts";
import { maxRows } from "../../../src/engine/ledger/limits.ts";
import { ledgerNamespace } from "../../../src/engine/match.ts";
import { resourceRef } from "../../../src/engine/resource.ts";
import type { ExportedCluster } from "./exported-cluster.ts";
import type { StoredLedger } from "./stored-ledgers.ts";

/** Violations of one resource at one place: how many there are, and how many of them the Baseline covers. */
interface Counted {
  readonly namespace: string;
  readonly ref: string;
  readonly rule: string;
  readonly path: string;
  readonly class?: string | undefined;
  readonly value?: string | undefined;
  readonly owner?: string | undefined;
  readonly source?: string | undefined;
  count: number;
  known: number;
}

/**
 * Every violation that the reports of a policy show, a line each, sorted:
 * `shop Deployment.apps/web memory-limit containers[name=app].resources.limits.memory none: 1, 1 of them Known; of payments, from helm:web`.
 */
export function shownViolations(ledgers: Iterable<StoredLedger>): readonly string[] {
  const lines: string[] = [];
  for (const { namespace, reports } of ledgers)
    for (const resource of violatingOf(reports)) {
      const counted = new Map<string, Counted>();
      for (const { rule, path, class: of, count = 1, state = "Known", value } of resource.rows)
        add(counted, {
          namespace,
          ref: resource.ref,
          rule,
          path,
          class: of,
          value,
          owner: resource.owner,
          source: resource.source,
          count,
          known: state === "Known" ? count : 0,
        });
      lines.push(...linesOf(counted, resource.more ?? 0));
    }
  return lines.sort();
}

/**
 * The same from the exported objects: what the engine finds, of which is Known what the Baselines cover and New the rest.
 * A policy that takes no Baseline knows nothing.
 */
export function computedViolations(
  { objects, namespaces }: ExportedCluster,
  policy: CompiledPolicy,
  policies: readonly CompiledPolicy[],
  ledgers: Iterable<StoredLedger>,
): readonly string[] {
  const context = { namespaceLabels: (name: string) => namespaces.get(name)?.labels };
  const verdict = evaluate({ objects, policies, context }).policies.get(policy.name);
  const entries = policy.baseline.mode === "Off" ? new Map<string, number>() : acceptedOf(ledgers);
  const resources = new Map<string, Map<string, Counted>>();
  for (const { resource, violation, owner, source } of verdict?.violations ?? []) {
    const namespace = ledgerNamespace(resource) ?? "";
    if (namespaces.get(namespace)?.terminating) continue;
    const ref = resourceRef(resource);
    const counted = resources.get(`${namespace} ${ref}`) ?? new Map<string, Counted>();
    resources.set(`${namespace} ${ref}`, counted);
    add(counted, { namespace, ref, ...violation, owner, source, count: 1, known: 0 });
  }
  return [...resources.values()]
    .flatMap((counted) => {
      for (const [key, one] of counted) one.known = Math.min(one.count, entries.get(key) ?? 0);
      return linesOf(counted, 0);
    })
    .sort();
}

/** The rule that a line is about. */
export function ruleOf(line: string): string {
  return line.split(" ", 3)[2] ?? "";
}

function violatingOf(reports: StoredLedger["reports"]): readonly ViolatingResource[] {
  const isPart = ({ kind }: { readonly kind: string }) => kind.endsWith("Part");
  const main = reports.find((report) => !isPart(report)) as unknown as ScanReport | undefined;
  if (main === undefined) return [];
  const parts = reports.filter(isPart) as unknown as readonly ScanReportPart[];
  return [main, ...parts.filter(({ k }) => main.parts > 0 && k === main.partBits)].flatMap(
    ({ violating }) => violating,
  );
}

/** How many violations the Baselines cover, by place. */
function acceptedOf(ledgers: Iterable<StoredLedger>): ReadonlyMap<string, number> {
  const accepted = new Map<string, number>();
  for (const { namespace, baselines } of ledgers)
    for (const { ref, entries } of (baselines as unknown as readonly Baseline[]).flatMap(({ resources }) => resources))
      for (const { rule, path, class: of, count = 1 } of entries) {
        const key = keyOf({ namespace, ref, rule, path, class: of });
        accepted.set(key, (accepted.get(key) ?? 0) + count);
      }
  return accepted;
}

function keyOf({ namespace, ref, rule, path, class: of = "" }: Omit<Counted, "count" | "known">): string {
  return `${namespace || "-"} ${ref} ${rule} ${path} ${of}`;
}

function add(counted: Map<string, Counted>, one: Counted): void {
  const before = counted.get(keyOf(one));
  counted.set(
    keyOf(one),
    before === undefined ? one : { ...before, count: before.count + one.count, known: before.known + one.known },
  );
}

/** Of a resource with more violations than a report lists only their number can be compared. */
function linesOf(counted: ReadonlyMap<string, Counted>, more: number): readonly string[] {
  const all = [...counted.values()];
  const [first] = all;
  if (first === undefined) return [];
  if (more > 0 || all.length > maxRows) {
    const count = all.reduce((sum, one) => sum + one.count, more);
    return [`${first.namespace || "-"} ${first.ref} any rule: ${count}; ${ownershipOf(first)}`];
  }
  return all.map(
    (one) => `${keyOf(one)} ${one.value ?? ""}: ${one.count}, ${one.known} of them Known; ${ownershipOf(one)}`,
  );
}

function ownershipOf({ owner = "nobody", source = "nowhere" }: Counted): string {
  return `of ${owner}, from ${source}`;
}
