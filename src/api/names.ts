/** Labels that we set or read. Their meaning is a contract with users' selectors. */
export const labels = {
  /** On reports, parts and Baselines: the Policy they belong to. */
  policy: "pawl.dev/policy",
  /** On Baselines: the namespace they cover; absent on those of cluster-scoped resources. */
  namespace: "pawl.dev/namespace",
  /** On ClusterRoles that grant the operator reading of further kinds; the value is "true". */
  aggregateToScan: "rbac.pawl.dev/aggregate-to-scan",
} as const;

/** Annotations that we read. We never write any on an object that a user owns. */
export const annotations = {
  /** On a Policy: any new value asks for one full scan, answered by `status.lastHandledScanRequest`. */
  scanRequestedAt: "pawl.dev/scan-requested-at",
} as const;
