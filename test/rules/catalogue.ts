import type { PackName } from "../../src/engine/packs.ts";

/** A rule as the catalogue describes it: what policies, reports and pack users rely on. */
export interface CatalogueEntry {
  readonly id: string;
  readonly category: string;
  readonly severity: string;
  readonly scope: "resource" | "inventory";
  /** Packs with the parameters they bring. */
  readonly packs: Readonly<Record<string, object>>;
  /** Identifiers of earlier tools, with the parameters that make the rule ask the same. */
  readonly aliases: Readonly<Record<string, object>>;
}

const packOf: Readonly<Record<string, PackName>> = {
  rec: "recommended",
  str: "strict",
  rel: "reliability",
  net: "network",
  rbac: "rbac",
  sec: "secrets",
  dep: "deprecation",
  pb: "pss-baseline",
  pr: "pss-restricted",
  nsa: "nsa",
  cis: "cis",
  eks: "eks",
  argo: "argo",
  dd: "datree-default",
  ds: "datree-starter",
};

const restricted = { allowed: ["NET_BIND_SERVICE"] };
const explicit = { explicit: true };
const oneKind = { kinds: ["Deployment"], allowZero: false };
const workloads = { kinds: ["workloads"] };
const anyHost = { emptyHost: "allow" };
const removedIn = ["1.22", "1.23", "1.24", "1.25", "1.26", "1.27"].map(
  (targetVersion) => [`K8S_REMOVED_APIVERSION_${targetVersion}`, { targetVersion }] as const,
);

const tokenNames =
  "AWS BITBUCKET DATADOG GCP GITHUB GITLAB HEROKU JWT LAUNCHDARKLY NEWRELIC NPM OKTA STRIPE SUMOLOGIC TERRAFORM TWILIO VAULT";
const exposed = tokenNames
  .split(" ")
  .map((name) => [`ALL_EXPOSED_SECRET_${name}`, { providers: [name.toLowerCase()] }] as const);
const exposedKey = ["ALL_EXPOSED_SECRET_PRIVATEKEY", { providers: ["private-key"] }] as const;

/**
 * What is promised of rules that were published; a new rule needs no row. One row a rule, in the columns of the
 * catalogue: `R` resource, `I` inventory; last what packs and identifiers set.
 */
const rows = [
  [
    "cpu-request",
    "resources",
    "Medium",
    "R",
    "rec str rel dd",
    ["CONTAINERS_MISSING_CPU_REQUEST_KEY"],
    { dd: explicit, "*": explicit },
  ],
  ["cpu-limit", "resources", "Low", "R", "nsa dd", ["CONTAINERS_MISSING_CPU_LIMIT_KEY"], {}],
  ["memory-limit", "resources", "High", "R", "rec str rel nsa dd ds", ["CONTAINERS_MISSING_MEMORY_LIMIT_KEY"], {}],
  ["no-cpu-limit", "resources", "Low", "R", "eks", ["EKS_INVALID_CPU_LIMIT"], {}],
  ["liveness-probe", "probes", "Medium", "R", "rec str rel dd ds", ["CONTAINERS_MISSING_LIVENESSPROBE_KEY"], {}],
  [
    "min-replicas",
    "availability",
    "Medium",
    "I",
    "str rel dd ds",
    ["DEPLOYMENT_INCORRECT_REPLICAS_VALUE"],
    { dd: oneKind, ds: oneKind, "*": oneKind },
  ],
  ["no-hard-topology-spread", "availability", "Low", "R", "eks", ["EKS_INVALID_VALUE_DONOOTSCHEDULE"], {}],
  ["no-naked-pod", "availability", "Medium", "R", "rec str rel", ["K8S_INCORRECT_KIND_VALUE_POD"], {}],
  ["pdb-fits-replicas", "availability", "High", "I", "rec str rel", [], {}],
  ["cronjob-concurrency", "jobs", "Medium", "R", "rec str rel dd", ["CRONJOB_MISSING_CONCURRENCYPOLICY_KEY"], {}],
  ["no-latest-tag", "images", "Medium", "R", "rec str rel dd ds", ["CONTAINERS_MISSING_IMAGE_VALUE_VERSION"], {}],
  ["allowed-registries", "images", "High", "R", "", [], {}],
  [
    "no-privileged",
    "pod-security",
    "Critical",
    "R",
    "rec str pb pr nsa cis eks dd",
    ["CONTAINERS_INCORRECT_PRIVILEGED_VALUE_TRUE"],
    {},
  ],
  [
    "run-as-non-root",
    "pod-security",
    "Medium",
    "R",
    "str pr nsa cis eks",
    ["CONTAINERS_INCORRECT_RUNASNONROOT_VALUE"],
    {},
  ],
  [
    "allowed-capabilities",
    "pod-security",
    "High",
    "R",
    "rec str pb pr cis eks",
    ["EKS_INVALID_CAPABILITIES_EKS"],
    { str: restricted, pr: restricted },
  ],
  ["pod-security-labels", "pod-security", "Medium", "R", "str cis", [], {}],
  ["no-host-path", "host", "High", "R", "rec str pb nsa cis eks ds", ["CONTAINERS_INCORRECT_KEY_HOSTPATH"], {}],
  [
    "no-exposed-secret",
    "secrets",
    "Critical",
    "R",
    "rec str sec ds",
    [...exposed, exposedKey].map(([id]) => id),
    Object.fromEntries([...exposed, exposedKey]),
  ],
  ["service-account-exists", "identity", "High", "I", "rec str rel", [], {}],
  ["no-rbac-wildcard", "rbac", "High", "R", "str rbac cis", ["CIS_INVALID_WILDCARD_ROLE"], {}],
  ["no-cluster-admin-binding", "rbac", "Critical", "R", "rec str rbac nsa cis", ["CIS_INVALID_ROLE_CLUSTER_ADMIN"], {}],
  ["service-target", "network", "High", "I", "rec str rel net", [], {}],
  ["ingress-target", "network", "High", "I", "rec str rel net", [], {}],
  [
    "no-wildcard-ingress",
    "network",
    "High",
    "R",
    "rec str net dd ds",
    ["INGRESS_INCORRECT_HOST_VALUE_PERMISSIVE"],
    { dd: anyHost, ds: anyHost, "*": anyHost },
  ],
  ["configmap-exists", "references", "High", "I", "rec str rel", [], {}],
  [
    "required-labels",
    "metadata",
    "Low",
    "R",
    "",
    ["WORKLOAD_MISSING_LABEL_OWNER_VALUE", "DEPLOYMENT_MISSING_LABEL_ENV_VALUE"],
    {
      WORKLOAD_MISSING_LABEL_OWNER_VALUE: { labels: ["owner"] },
      DEPLOYMENT_MISSING_LABEL_ENV_VALUE: { labels: ["env"], kinds: ["Deployment"] },
    },
  ],
  [
    "no-default-namespace",
    "metadata",
    "Low",
    "R",
    "str cis dd ds",
    ["WORKLOAD_INCORRECT_NAMESPACE_VALUE_DEFAULT"],
    { dd: workloads, ds: workloads, "*": workloads },
  ],
  ["valid-labels", "metadata", "High", "R", "str dd ds", ["WORKLOAD_INVALID_LABELS_VALUE"], {}],
  [
    "no-removed-api",
    "deprecation",
    "Critical",
    "R",
    "rec str dep",
    removedIn.map(([id]) => id),
    Object.fromEntries(removedIn),
  ],
] as const satisfies readonly (readonly [
  string,
  string,
  string,
  "R" | "I",
  string,
  readonly string[],
  Readonly<Record<string, object>>,
])[];

/** Sorted by id. */
export const catalogue: readonly CatalogueEntry[] = rows
  .map(([id, category, severity, scope, packs, aliases, params]): CatalogueEntry => {
    const paramsOf = (name: string, otherwise?: string): object =>
      Object.entries(params).find(([key]) => key === name || key === otherwise)?.[1] ?? {};
    const short = packs.split(" ").filter((pack) => pack !== "");
    return {
      id,
      category,
      severity,
      scope: scope === "R" ? "resource" : "inventory",
      packs: Object.fromEntries(short.map((pack) => [packOf[pack], paramsOf(pack)])),
      aliases: Object.fromEntries(aliases.map((alias) => [alias, paramsOf(alias, "*")])),
    };
  })
  .sort((a, b) => (a.id < b.id ? -1 : 1));
