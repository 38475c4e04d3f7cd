import { baselineKind } from "../api/baseline.ts";
import { group, version } from "../api/group.ts";
import type { KindDefinition } from "../api/kind-definition.ts";
import { policyKind } from "../api/policy.ts";
import { clusterScanReportKind, scanReportKind } from "../api/scan-report.ts";
import { clusterScanReportPartKind, scanReportPartKind } from "../api/scan-report-part.ts";
import type { ApiType } from "../kube/api-type.ts";

function apiType({ kind, plural, scope }: KindDefinition): ApiType {
  return { group, version, kind, plural, namespaced: scope === "Namespaced" };
}

export const policyType = apiType(policyKind);

/** Kinds that hold ledgers, by kind. */
export const ledgerTypes: ReadonlyMap<string, ApiType> = new Map(
  [baselineKind, scanReportKind, clusterScanReportKind, scanReportPartKind, clusterScanReportPartKind].map(
    (definition) => [definition.kind, apiType(definition)],
  ),
);

export const baselineKindName = baselineKind.kind;
export const reportKindNames: ReadonlySet<string> = new Set([scanReportKind.kind, clusterScanReportKind.kind]);
