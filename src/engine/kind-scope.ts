import { group as pawlGroup } from "../api/group.ts";
import { type KindName, parseKindName } from "./resource.ts";
import type { RuleKinds } from "./rule.ts";
import { runsForever, workloadKinds } from "./views/workload-kinds.ts";

/** Payloads of Secrets are never read. */
export const secretKind: KindName = "Secret";

/** They change all the time, or repeat what stands elsewhere. */
const neverWatchedKinds: ReadonlySet<KindName> = new Set([
  "Event",
  "Event.events.k8s.io",
  "Lease.coordination.k8s.io",
  "EndpointSlice.discovery.k8s.io",
  "ControllerRevision.apps",
]);

/** Our own, and the reports of other tools. */
const neverWatchedGroups: ReadonlySet<string> = new Set([
  pawlGroup,
  "wgpolicyk8s.io",
  "openreports.io",
  "reports.kyverno.io",
  "aquasecurity.github.io",
  "spdx.softwarecomposition.kubescape.io",
]);

/** Kinds that are out of scope in a cluster, whatever a policy says. */
export function isNeverWatched(kind: KindName): boolean {
  return neverWatchedKinds.has(kind) || neverWatchedGroups.has(parseKindName(kind).group);
}

const workloads: ReadonlySet<KindName> = new Set(workloadKinds);

/** Whether a rule for these kinds looks at objects of this one; a Pod may still turn out not to be long-running. */
export function coversKind(kinds: RuleKinds, kind: KindName): boolean {
  if (kinds === "any") return true;
  if (kinds === "workloads") return workloads.has(kind);
  if (kinds === "longRunning") return runsForever(kind);
  return kinds.includes(kind);
}

/** The kinds that a rule names; none for one that takes any kind in scope. */
export function namedKinds(kinds: RuleKinds): readonly KindName[] {
  if (kinds === "any") return [];
  if (kinds === "workloads") return workloadKinds;
  return kinds === "longRunning" ? workloadKinds.filter(runsForever) : kinds;
}

/** The kinds whose facts a rule reads; `workloads` stands for all of them. */
export function readKinds(reads: readonly string[]): readonly KindName[] {
  return reads.flatMap((kind) => (kind === "workloads" ? workloadKinds : [kind]));
}

/** Whether `*.argoproj.io`, `Deployment.apps` or `Pod` stands for this kind. */
export function matchesKindPattern(pattern: string, kind: KindName): boolean {
  return pattern.startsWith("*.") ? parseKindName(kind).group === pattern.slice(2) : pattern === kind;
}
