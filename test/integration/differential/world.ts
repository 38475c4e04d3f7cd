import {
  configMap,
  container,
  deployment,
  type Manifest,
  only,
  type PolicySpecInput,
  policy,
  service,
} from "../operator/objects.ts";
import type { Random } from "../seeded.ts";

/** Namespaces with this label are in the scope of the policies. */
export const inScope = { "differential.example.com/judged": "yes" } as const;

/** Names that are used over and over, so that what comes is often what was there before. */
const names = ["web", "api", "batch", "cache", "queue"] as const;

export function pick<T>(random: Random, choices: readonly T[]): T {
  const choice = choices[random(choices.length)];
  if (choice === undefined) throw new TypeError("there is nothing to choose from");
  return choice;
}

/** An object of one of the kinds that the policies judge or read, good or bad by chance. */
export function anyObject(random: Random, namespace: string): Manifest {
  return pick(random, makers)(random, namespace);
}

const makers: readonly ((random: Random, namespace: string) => Manifest)[] = [
  anyDeployment,
  anyDeployment,
  anyDeployment,
  (random, namespace) => {
    const like = anyDeployment(random, namespace);
    return { ...like, kind: "StatefulSet", spec: { ...specOf(like), serviceName: "all" } };
  },
  (random, namespace) => {
    const like = anyDeployment(random, namespace);
    const { replicas: _, ...spec } = specOf(like);
    return { ...like, kind: "DaemonSet", spec };
  },
  (random, namespace) => ({
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: { namespace, name: pick(random, names), labels: anyLabels(random) },
    spec: {
      schedule: "0 0 1 1 *",
      suspend: true,
      concurrencyPolicy: pick(random, ["Allow", "Forbid"]),
      jobTemplate: { spec: { template: { spec: { restartPolicy: "Never", containers: anyContainers(random) } } } },
    },
  }),
  anyPod,
  anyPod,
  anyJob,
  anyJob,
  (random, namespace) => service(namespace, pick(random, names), { app: pick(random, names) }),
  (random, namespace) => configMap(namespace, pick(random, names), { color: pick(random, ["red", "green"]) }),
  (random, namespace) => ({
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { namespace, name: pick(random, names), labels: anyLabels(random) },
    spec: {
      rules: [
        {
          ...pick(random, [{}, { host: "shop.example.com" }]),
          http: {
            paths: [
              {
                path: "/",
                pathType: "Prefix",
                backend: { service: { name: pick(random, names), port: { name: "http" } } },
              },
            ],
          },
        },
      ],
    },
  }),
  (random) => ({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: { name: `differential-${pick(random, names)}` },
    rules: [{ apiGroups: ["example.com"], resources: [pick(random, ["*", "widgets"])], verbs: ["get"] }],
  }),
];

function anyDeployment(random: Random, namespace: string): Manifest {
  const name = pick(random, names);
  return deployment({
    name,
    namespace,
    labels: anyLabels(random),
    replicas: pick(random, [0, 0, 0, 1]),
    containers: anyContainers(random),
    pod: anyPodSettings(random),
  });
}

/** Without an owner, or a Deployment's own: what makes it has to exist, or it would be collected as garbage. */
function anyPod(random: Random, namespace: string): Manifest {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { namespace, name: `pod-${pick(random, names)}`, labels: anyLabels(random) },
    spec: { containers: anyContainers(random), ...anyPodSettings(random) },
  };
}

/** Often one of a family with a generated name. */
function anyJob(random: Random, namespace: string): Manifest {
  const name = pick(random, names);
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      namespace,
      labels: anyLabels(random),
      ...pick(random, [{ name }, { name: `${name}-${pick(random, ["a", "b", "c"])}`, generateName: `${name}-` }]),
    },
    spec: { suspend: true, template: { spec: { restartPolicy: "Never", containers: anyContainers(random) } } },
  };
}

function anyContainers(random: Random): readonly object[] {
  return ["app", "sidecar", "exporter"].slice(0, 1 + random(3)).map((name) =>
    container(name, {
      image: `registry.example.com/${pick(random, ["app", "db"])}:${pick(random, ["1.0", "1.1", "latest"])}`,
      ...pick(random, [{}, { memory: "64Mi" }, { memory: "128Mi" }]),
      ...pick(random, [{}, {}, { envFrom: [{ configMapRef: { name: pick(random, names) } }] }]),
    }),
  );
}

function anyPodSettings(random: Random): object {
  return pick(random, [{}, {}, { hostNetwork: true }, { volumes: [{ name: "host", hostPath: { path: "/var/run" } }] }]);
}

function anyLabels(random: Random): Readonly<Record<string, string>> {
  return pick(random, [
    {},
    { tier: "web" },
    { owner: "payments" },
    { tier: "web", owner: "search", "helm.sh/chart": "search-1.2.3" },
  ]);
}

function specOf({ spec }: Manifest): Readonly<Record<string, unknown>> {
  return spec as Readonly<Record<string, unknown>>;
}

const match = { namespaceSelector: { matchLabels: inScope } };

/** The policies, each by chance one of several editions of itself. */
export const policyNames = ["everything", "chosen", "siblings"] as const;

export function anyPolicy(random: Random, name: (typeof policyNames)[number]): Manifest {
  return policy(name, specs[name](random));
}

const owned = (labels: readonly string[]) => ({
  id: "required-labels",
  params: { labels, kinds: ["workloads", "Ingress.networking.k8s.io"] },
});

const specs: Readonly<Record<(typeof policyNames)[number], (random: Random) => PolicySpecInput>> = {
  everything: (random) => ({
    match: { ...match, clusterResources: pick(random, ["Include", "Include", "Exclude"]) },
    rules: {
      packs: pick(random, [["deprecation"], ["deprecation", "rbac"]]),
      override: [
        { id: "memory-limit", severity: pick(random, ["High", "Low"]) },
        { id: "no-latest-tag", severity: "High" },
        { id: "no-host-path", severity: "High" },
        { id: "no-rbac-wildcard", severity: "High" },
        { id: "no-naked-pod", severity: "High" },
        owned(pick(random, [["owner"], ["owner", "tier"]])),
      ],
    },
  }),
  chosen: (random) => ({
    match: {
      ...match,
      objectSelector: pick(random, [
        { matchLabels: { tier: "web" } },
        { matchExpressions: [{ key: "owner", operator: "Exists" }] },
        {},
      ]),
    },
    rules: only("memory-limit", "no-latest-tag", "liveness-probe"),
    baseline: { newNamespaces: "Adopt", settle: pick(random, ["24h", "1h"]) },
  }),
  siblings: (random) => ({
    match,
    rules: only(
      ...pick(random, [
        ["configmap-exists", "ingress-target"],
        ["configmap-exists", "ingress-target", "service-target"],
      ]),
    ),
  }),
};
