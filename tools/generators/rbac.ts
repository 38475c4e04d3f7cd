import { dump } from "js-yaml";
import { group } from "../../src/api/group.ts";
import { labels } from "../../src/api/names.ts";
import { isNeverWatched, namedKinds, readKinds, secretKind } from "../../src/engine/kind-scope.ts";
import { type KindName, parseKindName } from "../../src/engine/resource.ts";
import type { Rule } from "../../src/engine/rule.ts";
import type { Access } from "../../src/kube/access.ts";
import { notifyAccess, secretsAccess } from "../../src/notify/access.ts";
import { access, secretsRole } from "../../src/operator/access.ts";
import { type Generator, notice } from "./generator.ts";
import { kustomization } from "./kustomization.ts";

/**
 * The operator's RBAC in `config/rbac`: what its controllers declare (src/operator/access.ts, src/notify/access.ts) and reading of the kinds that rules name.
 * Reading is an aggregated ClusterRole, so that kinds of other projects are granted beside it without touching it. No wildcard, no Secrets.
 * What lies in `optional` is aggregated too, once somebody applies it: `kubectl apply` of the folder leaves it out.
 */
export const rbac: Generator = {
  name: "rbac",
  outputs: async () => {
    const { rules } = await import("../../src/rules/index.generated.ts");
    return new Map([
      ["config/rbac/service-account.yaml", render([serviceAccount])],
      ["config/rbac/operator.yaml", render(operatorRoles())],
      ["config/rbac/scan.yaml", render(scanRoles(rules))],
      ["config/rbac/users.yaml", render(userRoles)],
      [secretMetadataFile, render([secretMetadataRole])],
      [reportSecretsFile, render(reportSecretsRoles())],
      [
        "config/rbac/Kustomization",
        kustomization("rbac", ["operator.yaml", "scan.yaml", "service-account.yaml", "users.yaml"]),
      ],
    ]);
  },
};

/** Applied by whoever wants it; not part of the folder's own objects. */
export const secretMetadataFile = "config/rbac/optional/secret-metadata.yaml";

/** The same; names the Secrets of the samples. */
export const reportSecretsFile = "config/rbac/optional/report-secrets.yaml";

const namespace = "pawl-system";
const name = "pawl";
const rbacVersion = "rbac.authorization.k8s.io/v1";
const common = { "app.kubernetes.io/name": name };
const subjects = [{ kind: "ServiceAccount", name, namespace }];

const serviceAccount = { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace, labels: common } };

function render(documents: readonly object[]): string {
  const head = `# ${notice("rbac", "src/operator/access.ts, src/notify/access.ts and the kinds that src/rules name")}\n`;
  return head + documents.map((document) => dump(document, { lineWidth: 120, noRefs: true })).join("---\n");
}

function grantOf({ group: apiGroup, resources, names, verbs }: Access): object {
  return { apiGroups: [apiGroup], resources, ...(names === undefined ? {} : { resourceNames: names }), verbs };
}

const ref = (kind: string, to: string) => ({ apiGroup: "rbac.authorization.k8s.io", kind, name: to });

function reportSecretsRoles(): object[] {
  const metadata = { name: "pawl-report-secrets", namespace, labels: common };
  return [
    { apiVersion: rbacVersion, kind: "Role", metadata, rules: [grantOf(secretsAccess)] },
    { apiVersion: rbacVersion, kind: "RoleBinding", metadata, roleRef: ref("Role", metadata.name), subjects },
  ];
}

function operatorRoles(): object[] {
  const grants = (within: Access["within"]) =>
    [...access, ...notifyAccess].filter((one) => one.within === within).map(grantOf);
  return [
    {
      apiVersion: rbacVersion,
      kind: "ClusterRole",
      metadata: { name: "pawl-operator", labels: common },
      rules: grants("cluster"),
    },
    {
      apiVersion: rbacVersion,
      kind: "ClusterRoleBinding",
      metadata: { name: "pawl-operator", labels: common },
      roleRef: ref("ClusterRole", "pawl-operator"),
      subjects,
    },
    {
      apiVersion: rbacVersion,
      kind: "Role",
      metadata: { name: "pawl-operator", namespace, labels: common },
      rules: grants("namespace"),
    },
    {
      apiVersion: rbacVersion,
      kind: "RoleBinding",
      metadata: { name: "pawl-operator", namespace, labels: common },
      roleRef: ref("Role", "pawl-operator"),
      subjects,
    },
  ];
}

const aggregated = { [labels.aggregateToScan]: "true" };

const secretMetadataRole = {
  apiVersion: rbacVersion,
  kind: "ClusterRole",
  metadata: { name: secretsRole, labels: { ...common, ...aggregated } },
  rules: [{ apiGroups: [""], resources: ["secrets"], verbs: ["list", "watch"] }],
};

/**
 * For people: whoever may view a namespace reads its reports; who sets policies is named by a binding of their own. Baselines are for nobody
 * to write: with the right to, a team could grant itself an amnesty.
 */
const userRoles: object[] = [
  {
    apiVersion: rbacVersion,
    kind: "ClusterRole",
    metadata: { name: "pawl-view", labels: { ...common, "rbac.authorization.k8s.io/aggregate-to-view": "true" } },
    rules: [{ apiGroups: [group], resources: ["scanreports", "scanreportparts"], verbs: ["get", "list", "watch"] }],
  },
  {
    apiVersion: rbacVersion,
    kind: "ClusterRole",
    metadata: { name: "pawl-policy-admin", labels: common },
    rules: [
      {
        apiGroups: [group],
        resources: ["policies", "reportsubscriptions"],
        verbs: ["get", "list", "watch", "create", "update", "patch", "delete"],
      },
      {
        apiGroups: [group],
        resources: ["baselines", "scanreports", "scanreportparts", "clusterscanreports", "clusterscanreportparts"],
        verbs: ["get", "list", "watch"],
      },
    ],
  },
];

function scanRoles(rules: readonly Rule[]): object[] {
  return [
    {
      apiVersion: rbacVersion,
      kind: "ClusterRole",
      metadata: { name: "pawl-scan", labels: common },
      // No rules: they are the aggregation controller's.
      aggregationRule: { clusterRoleSelectors: [{ matchLabels: aggregated }] },
    },
    {
      apiVersion: rbacVersion,
      kind: "ClusterRole",
      metadata: { name: "pawl-scan-rules", labels: { ...common, ...aggregated } },
      rules: readGrants(rules),
    },
    {
      apiVersion: rbacVersion,
      kind: "ClusterRoleBinding",
      metadata: { name: "pawl-scan", labels: common },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "pawl-scan" },
      subjects,
    },
  ];
}

/** One entry a group, sorted; `list` and `watch` are all that a scan needs. Rules that judge manifests only need nothing. */
export function readGrants(rules: readonly Rule[]): object[] {
  const live = rules.filter(({ manifestsOnly }) => manifestsOnly !== true);
  const kinds = new Set<KindName>(
    live.flatMap((rule) => [...namedKinds(rule.kinds), ...(rule.scope === "inventory" ? readKinds(rule.reads) : [])]),
  );
  kinds.delete(secretKind);
  for (const kind of kinds) if (isNeverWatched(kind)) kinds.delete(kind);
  const groups = new Map<string, Set<string>>();
  for (const kind of kinds) {
    const parsed = parseKindName(kind);
    groups.set(parsed.group, (groups.get(parsed.group) ?? new Set()).add(pluralOf(parsed.kind)));
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([group, resources]) => ({ apiGroups: [group], resources: [...resources].sort(), verbs: ["list", "watch"] }));
}

/** How Kubernetes and every project whose kinds rules name spell the plural; proven for built-in kinds on a real API server. */
export function pluralOf(kind: string): string {
  const singular = kind.toLowerCase();
  if (singular === "endpoints") return singular;
  if (/(s|x|ch|sh)$/.test(singular)) return `${singular}es`;
  if (/[^aeiou]y$/.test(singular)) return `${singular.slice(0, -1)}ies`;
  return `${singular}s`;
}
