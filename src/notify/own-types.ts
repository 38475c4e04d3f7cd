import { group, version } from "../api/group.ts";
import type { KindDefinition } from "../api/kind-definition.ts";
import { policyKind } from "../api/policy.ts";
import { reportSubscriptionKind } from "../api/report-subscription.ts";
import { clusterScanReportKind, scanReportKind } from "../api/scan-report.ts";
import { clusterScanReportPartKind, scanReportPartKind } from "../api/scan-report-part.ts";
import type { ApiType } from "../kube/api-type.ts";

function apiType({ kind, plural, scope }: KindDefinition): ApiType {
  return { group, version, kind, plural, namespaced: scope === "Namespaced" };
}

export const policyType = apiType(policyKind);

export const subscriptionType = apiType(reportSubscriptionKind);

/** Reports and their parts, with what reads them back. */
export const reportTypes = {
  reports: { type: apiType(scanReportKind), definition: scanReportKind },
  clusterReports: { type: apiType(clusterScanReportKind), definition: clusterScanReportKind },
  parts: { type: apiType(scanReportPartKind), definition: scanReportPartKind },
  clusterParts: { type: apiType(clusterScanReportPartKind), definition: clusterScanReportPartKind },
} as const;
