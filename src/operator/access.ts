import type { Access } from "../kube/access.ts";

const pawl = "pawl.dev";

/** The ClusterRole for the setting `secretMetadata`: granted by hand, because RBAC cannot grant metadata alone. */
export const secretsRole = "pawl-scan-secrets";

/**
 * What the operator itself needs from the API server, beside the kinds it scans. The only source of its RBAC:
 * `npm run generate` writes config/rbac from this table, from `src/notify/access.ts`, and from the kinds that rules name.
 */
export const access: readonly Access[] = [
  {
    group: pawl,
    resources: ["policies"],
    verbs: ["list", "watch"],
    within: "cluster",
    why: "Policies are what is scanned for",
  },
  {
    group: pawl,
    resources: ["policies/status"],
    verbs: ["patch"],
    within: "cluster",
    why: "conditions, counts, coverage and the last spec that compiled",
  },
  {
    group: pawl,
    resources: ["baselines", "scanreports", "clusterscanreports", "scanreportparts", "clusterscanreportparts"],
    verbs: ["get", "list", "watch", "create", "update", "delete"],
    within: "cluster",
    why: "the ledger: accepted debt and reports, noticed when somebody edits or deletes them",
  },
  {
    group: "",
    resources: ["namespaces"],
    verbs: ["list", "watch"],
    within: "cluster",
    why: "labels decide the scope, age decides adoption",
  },
  {
    group: "apiextensions.k8s.io",
    resources: ["customresourcedefinitions"],
    verbs: ["list", "watch"],
    within: "cluster",
    why: "a kind in scope may be installed or removed at any time; only metadata is read",
  },
  {
    group: "events.k8s.io",
    resources: ["events"],
    verbs: ["create"],
    within: "cluster",
    why: "ViolationFound and ViolationFixed stand on the workloads themselves",
  },
  {
    group: "coordination.k8s.io",
    resources: ["leases"],
    verbs: ["get", "create", "update"],
    within: "namespace",
    why: "leader election",
  },
];
