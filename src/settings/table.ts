import { z } from "zod";
import {
  decimalNumber,
  dnsLabel,
  dnsSubdomain,
  filePath,
  flagValue,
  listenAddress,
  metadataKey,
  nameList,
  ownerKeys,
  proxyAddress,
  shortName,
  webAddress,
  wholeNumber,
} from "./schemas.ts";

/** One setting of the operator. */
export interface SettingDefinition {
  /** Without the dashes; the name of the setting in kebab case. */
  readonly flag: string;
  /** Environment variables, the first that is set and not empty counts. */
  readonly env: readonly [`PAWL_${string}`, ...string[]];
  /** May hold a password, so that no error shows it. */
  readonly isSecret?: true;
  /** Its flag may stand alone and means `true` then. */
  readonly isSwitch?: true;
  /** As one would write it; without one the setting may be left out. */
  readonly default?: string;
  readonly description: string;
  /** Completes "must be …". */
  readonly expected: string;
  readonly schema: z.ZodType<unknown, string | undefined>;
}

/**
 * Every setting of the operator; flags, environment, help and documentation follow from it.
 *
 * Variables that begin with `PAWL_` but stand in no row are no mistake: Kubernetes sets `PAWL_…_PORT` and the like for
 * every Service in the namespace whose name begins with `pawl`. For the same reason no variable here ends as those do.
 */
export const settingsTable = {
  clusterName: {
    flag: "cluster-name",
    env: ["PAWL_CLUSTER_NAME"],
    default: "kubernetes",
    description: "Name of this cluster in reports, messages and metrics",
    expected: "1 to 128 printable characters without blanks",
    schema: shortName,
  },
  namespace: {
    flag: "namespace",
    env: ["PAWL_NAMESPACE", "POD_NAMESPACE"],
    default: "pawl-system",
    description: "Namespace of the operator itself, for its Lease and Secrets",
    expected: "the name of a namespace",
    schema: dnsLabel,
  },
  kubeconfig: {
    flag: "kubeconfig",
    env: ["PAWL_KUBECONFIG", "KUBECONFIG"],
    description: "Kubeconfig file to use outside a cluster",
    expected: "the path of a file",
    schema: filePath.optional(),
  },
  logLevel: {
    flag: "log-level",
    env: ["PAWL_LOG_LEVEL"],
    default: "info",
    description: "Least severe log entries to write: debug, info, warn or error",
    expected: "debug, info, warn or error",
    schema: z.enum(["debug", "info", "warn", "error"]),
  },
  clientQps: {
    flag: "client-qps",
    env: ["PAWL_CLIENT_QPS"],
    default: "20",
    description: "Requests a second to the API server, on average",
    expected: "a number from 1 to 10000",
    schema: decimalNumber(1, 10_000),
  },
  clientBurst: {
    flag: "client-burst",
    env: ["PAWL_CLIENT_BURST"],
    default: "40",
    description: "Requests to the API server that may go at once after a pause",
    expected: "a whole number from 1 to 10000",
    schema: wholeNumber(1, 10_000),
  },
  secretMetadata: {
    flag: "secret-metadata",
    env: ["PAWL_SECRET_METADATA"],
    default: "false",
    isSwitch: true,
    description: "Read metadata of Secrets, which some rules need; takes the ClusterRole pawl-scan-secrets",
    expected: "true or false",
    schema: flagValue,
  },
  ownerKeys: {
    flag: "owner-keys",
    env: ["PAWL_OWNER_KEYS"],
    default: "team,owner",
    description: "Keys of the labels and annotations that name the owning team; the first found counts",
    expected: "at most 16 keys with commas between them, each with label: or annotation: before it or neither",
    schema: ownerKeys,
  },
  argocdInstanceLabel: {
    flag: "argocd-instance-label",
    env: ["PAWL_ARGOCD_INSTANCE_LABEL"],
    default: "argocd.argoproj.io/instance",
    description: "Label by which Argo CD tracks objects, where it tracks them by a label",
    expected: "the key of a label",
    schema: metadataKey,
  },
  reportSecrets: {
    flag: "report-secrets",
    env: ["PAWL_REPORT_SECRETS"],
    default: "",
    description: "Secrets that report subscriptions may name, comma-separated; empty: all that RBAC allows",
    expected: "names of Secrets with commas between them",
    schema: nameList,
  },
  slackApiUrl: {
    flag: "slack-api-url",
    env: ["PAWL_SLACK_API_URL"],
    default: "https://slack.com/api",
    description: "Where Slack's methods are; https://slack-gov.com/api for GovSlack",
    expected: "an address that begins with https://",
    schema: webAddress,
  },
  httpsProxy: {
    flag: "https-proxy",
    env: ["PAWL_HTTPS_PROXY", "HTTPS_PROXY", "https_proxy"],
    description: "Proxy through which messages go to https:// addresses",
    isSecret: true,
    expected: "the address of a proxy, such as http://proxy.example.com:3128",
    schema: proxyAddress.optional(),
  },
  httpProxy: {
    flag: "http-proxy",
    env: ["PAWL_HTTP_PROXY", "http_proxy"],
    description: "Proxy through which messages go to http:// addresses",
    isSecret: true,
    expected: "the address of a proxy, such as http://proxy.example.com:3128",
    schema: proxyAddress.optional(),
  },
  allProxy: {
    flag: "all-proxy",
    env: ["PAWL_ALL_PROXY", "ALL_PROXY", "all_proxy"],
    description: "Proxy for all messages that have none of their own, mail included",
    isSecret: true,
    expected: "the address of a proxy, such as http://proxy.example.com:3128",
    schema: proxyAddress.optional(),
  },
  noProxy: {
    flag: "no-proxy",
    env: ["PAWL_NO_PROXY", "NO_PROXY", "no_proxy"],
    description: "Hosts, domains and addresses that are reached without a proxy",
    expected: "hosts, domains and addresses with commas between them",
    schema: z.string().min(1).optional(),
  },
  seriesCap: {
    flag: "series-cap",
    env: ["PAWL_SERIES_CAP"],
    default: "2000",
    description: "Most violation series to expose; what is over it is summed up in _other",
    expected: "a whole number from 24 to 1000000",
    schema: wholeNumber(24, 1_000_000),
  },
  metricsAddress: {
    flag: "metrics-address",
    env: ["PAWL_METRICS_ADDRESS"],
    default: ":8080",
    description: "Address to serve /metrics on",
    expected: "host:port or :port, such as :8080",
    schema: listenAddress,
  },
  healthAddress: {
    flag: "health-address",
    env: ["PAWL_HEALTH_ADDRESS"],
    default: ":8081",
    description: "Address to serve /healthz and /readyz on",
    expected: "host:port or :port, such as :8081",
    schema: listenAddress,
  },
  leaderElect: {
    flag: "leader-elect",
    env: ["PAWL_LEADER_ELECT"],
    default: "true",
    isSwitch: true,
    description: "Work only while holding the Lease: true or false; false only with a single replica",
    expected: "true or false",
    schema: flagValue,
  },
  leaseName: {
    flag: "lease-name",
    env: ["PAWL_LEASE_NAME"],
    default: "pawl-operator",
    description: "Name of the Lease that the leader holds",
    expected: "the name of a Lease",
    schema: dnsSubdomain,
  },
  identity: {
    flag: "identity",
    env: ["PAWL_IDENTITY", "POD_NAME"],
    description: "Name of this replica in the Lease (default: the host name and a random part)",
    expected: "1 to 128 printable characters without blanks",
    schema: shortName,
  },
} as const satisfies Readonly<Record<string, SettingDefinition>>;

export type SettingsTable = typeof settingsTable;
export type SettingName = keyof SettingsTable;
