import type { ReportFilter } from "../../api/report-subscription.ts";
import { type Severity, severities } from "../../api/severity.ts";
import type { RowState } from "../../api/violating.ts";
import { matchesGlob } from "../../engine/glob.ts";
import type { Ownership } from "../../engine/ownership/ownership.ts";
import { unowned } from "../../engine/ownership/ownership.ts";

/** What a digest, or a subscription, is about. */
export type { ReportFilter };

type Patterns = NonNullable<ReportFilter["owners"]>;

/** What is known of one violation, or of one change of it. */
export interface Subject extends Ownership {
  readonly severity: Severity;
  readonly state: RowState | "Fixed";
}

/** Whether a report belongs to what is selected. With namespaces to include, resources without one do not. */
export function selectsReport(filter: ReportFilter, policy: string, namespace: string | undefined): boolean {
  if (!selectsPolicy(filter, policy)) return false;
  const { include = [] } = filter.namespaces ?? {};
  return namespace === undefined ? include.length === 0 : matches(filter.namespaces, namespace);
}

export function selectsPolicy({ policies = [] }: ReportFilter, policy: string): boolean {
  return policies.length === 0 || policies.includes(policy);
}

/** Whether a violation in such a report belongs to it. */
export function selects(filter: ReportFilter, { severity, owner, source, state }: Subject): boolean {
  const { owners, sources, minimumSeverity = "Low", states = [] } = filter;
  return (
    severities.indexOf(severity) <= severities.indexOf(minimumSeverity) &&
    (states.length === 0 || states.includes(state)) &&
    matches(owners, owner ?? unowned) &&
    matches(sources, source ?? "")
  );
}

/** Whether only some of the resources of a report are selected, of which no report says how many are clean. */
export function selectsResources({ owners, sources }: ReportFilter): boolean {
  return [owners, sources].some(({ include = [], exclude = [] } = {}) => include.length + exclude.length > 0);
}

/** Whether every violation of a report is selected. */
export function selectsAll(filter: ReportFilter): boolean {
  const { minimumSeverity = "Low", states = [] } = filter;
  return !selectsResources(filter) && minimumSeverity === "Low" && states.length === 0;
}

/** What is selected, a phrase each; empty for everything. */
export function filterPhrases(filter: ReportFilter): string[] {
  const { policies = [], minimumSeverity = "Low", states = [] } = filter;
  return [
    ...phrase("policies", { include: policies }),
    ...phrase("namespaces", filter.namespaces),
    ...phrase("owners", filter.owners),
    ...phrase("sources", filter.sources),
    ...(minimumSeverity === "Low" ? [] : [`severity ${minimumSeverity} and worse`]),
    ...phrase("states", { include: states }),
  ];
}

function phrase(what: string, { include = [], exclude = [] }: Patterns = {}): string[] {
  const list = (names: readonly string[]) => [...names].sort().join(", ");
  if (include.length === 0 && exclude.length === 0) return [];
  if (include.length === 0) return [`all ${what} but ${list(exclude)}`];
  return [`${what} ${list(include)}${exclude.length === 0 ? "" : ` but ${list(exclude)}`}`];
}

function matches({ include = [], exclude = [] }: Patterns = {}, name: string): boolean {
  const any = (patterns: readonly string[]) => patterns.some((pattern) => matchesGlob(pattern, name));
  return (include.length === 0 || any(include)) && !any(exclude);
}
