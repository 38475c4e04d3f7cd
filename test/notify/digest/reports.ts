import { apiVersion } from "../../../src/api/group.ts";
import type { PolicyStatus } from "../../../src/api/policy-status.ts";
import type { Change, HistoryDay, HoistedRule, ScanReport } from "../../../src/api/scan-report.ts";
import type { ScanReportPart } from "../../../src/api/scan-report-part.ts";
import type { Severity } from "../../../src/api/severity.ts";
import type { Row, ViolatingResource } from "../../../src/api/violating.ts";
import type { Digest } from "../../../src/formats/digest.ts";
import { type CollectedPolicy, DigestCollector } from "../../../src/notify/digest/collector.ts";
import type { DigestRequest } from "../../../src/notify/digest/request.ts";

/** Monday 09:00 in Berlin, and a week before. */
export const now = Date.parse("2026-11-23T08:00:00Z");
export const since = Date.parse("2026-11-16T08:00:00Z");
export const takenAt = "2026-10-05T06:00:00Z";

export function request(over: Partial<DigestRequest> = {}): DigestRequest {
  return {
    kind: "digest",
    cluster: "prod-eu",
    since,
    until: now,
    now,
    timeZone: "Europe/Berlin",
    filter: {},
    catalogue: new Map([["memory-limit", { title: "Memory limit", severity: "High" }]]),
    ...over,
  };
}

export const rules: Readonly<Record<string, HoistedRule>> = {
  "memory-limit": { severity: "High", title: "Memory limit" },
  "no-latest-tag": { severity: "Medium", title: "No latest tag" },
  "no-privileged": { severity: "Critical", title: "No privileged containers" },
  "priority-class": { severity: "Low", title: "Priority class" },
};

export interface ReportSample {
  readonly policy?: string;
  /** Null: the report of resources without a namespace. */
  readonly namespace?: string;
  readonly resources?: number;
  readonly fixed?: number;
  readonly violating?: readonly ViolatingResource[];
  readonly changes?: readonly Change[];
  readonly history?: readonly HistoryDay[];
  readonly rules?: Readonly<Record<string, HoistedRule>>;
  readonly over?: Partial<ScanReport>;
}

/** A report whose summary says what its rows say. */
export function report(sample: ReportSample = {}): ScanReport {
  const { policy = "production", namespace = "shop", violating = [], fixed = 0 } = sample;
  const hoisted = sample.rules ?? rules;
  const rows = violating.flatMap((resource) => resource.rows);
  const count = (of: (row: Row) => boolean) => rows.filter(of).reduce((sum, { count: times = 1 }) => sum + times, 0);
  const ofSeverity = (severity: Severity) => count(({ rule }) => hoisted[rule]?.severity === severity);
  return {
    apiVersion,
    kind: "ScanReport",
    metadata: { name: policy, namespace },
    policyRef: { kind: "Policy", name: policy },
    baselineTakenAt: takenAt,
    summary: {
      resources: sample.resources ?? 10,
      new: count(({ state }) => state === "New"),
      known: count(({ state }) => state !== "New"),
      fixed,
      critical: ofSeverity("Critical"),
      high: ofSeverity("High"),
      medium: ofSeverity("Medium"),
      low: ofSeverity("Low"),
    },
    changedAt: "2026-11-20T10:00:00Z",
    rules: hoisted,
    violating,
    changes: sample.changes ?? [],
    history: sample.history ?? [],
    unverified: [],
    problems: [],
    parts: 0,
    ...sample.over,
  };
}

export function part(number: number, violating: readonly ViolatingResource[], over: Partial<ScanReportPart> = {}) {
  return {
    apiVersion,
    kind: "ScanReportPart",
    metadata: { name: `production.${number}`, namespace: "shop" },
    policyRef: { kind: "Policy", name: "production" },
    k: 1,
    part: number,
    violating,
    ...over,
  } as const satisfies ScanReportPart;
}

export interface OwnedRows {
  readonly owner?: string;
  readonly source?: string;
  readonly more?: number;
}

export function resource(ref: string, rows: readonly Row[], owned: OwnedRows = {}): ViolatingResource {
  return { ref, ...owned, rows };
}

export function row(rule: string, over: Partial<Row> = {}): Row {
  return { rule, path: "containers[name=app]", ...over };
}

let changes = 0;

export function change(to: Change["to"], at: string, over: Partial<Change> = {}): Change {
  changes += 1;
  const reason = { New: "Found", Known: "Accepted", Fixed: "Fixed", Gone: "Fixed" }[to];
  return {
    id: `change-${changes}`,
    at,
    ref: "Deployment.apps/checkout",
    rule: "memory-limit",
    path: "containers[name=app]",
    to,
    reason,
    ...over,
  };
}

export function day(date: string, over: Partial<HistoryDay> = {}): HistoryDay {
  return {
    date,
    resources: 10,
    new: 0,
    known: 0,
    fixed: 0,
    found: 0,
    gone: 0,
    critical: 0,
    high: 0,
    score: 100,
    ...over,
  };
}

export function policy(name = "production", status: Partial<PolicyStatus> = {}, severities = {}): CollectedPolicy {
  return {
    name,
    status: {
      conditions: [
        { type: "Ready", status: "True", lastTransitionTime: takenAt, reason: "InForce", message: "In force" },
      ],
      lastScanTime: "2026-11-23T07:00:00Z",
      coverage: { percent: 100 },
      ...status,
    },
    severities: new Map(Object.entries(severities)),
  };
}

export interface Cluster {
  readonly policies?: readonly CollectedPolicy[];
  readonly reports: readonly ScanReport[];
  readonly parts?: readonly ScanReportPart[];
}

/** The digest of these objects. */
export function digestOf({ policies, reports, parts = [] }: Cluster, over: Partial<DigestRequest> = {}): Digest {
  const collector = new DigestCollector(request(over));
  const names = [...new Set(reports.map(({ policyRef }) => policyRef.name))];
  for (const one of policies ?? names.map((name) => policy(name))) collector.policy(one);
  for (const one of reports) collector.report(one);
  for (const one of parts) collector.part(one);
  return collector.digest();
}
