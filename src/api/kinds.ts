import { baselineKind } from "./baseline.ts";
import type { KindDefinition } from "./kind-definition.ts";
import { policyKind } from "./policy.ts";
import { reportSubscriptionKind } from "./report-subscription.ts";
import { clusterScanReportKind, scanReportKind } from "./scan-report.ts";
import { clusterScanReportPartKind, scanReportPartKind } from "./scan-report-part.ts";

/** Every kind of ours. */
export const kinds: readonly KindDefinition[] = [
  policyKind,
  scanReportKind,
  clusterScanReportKind,
  scanReportPartKind,
  clusterScanReportPartKind,
  baselineKind,
  reportSubscriptionKind,
];
