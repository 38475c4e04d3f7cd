import { Dice } from "./dice.ts";

/** An object as it is sent to an API server. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

/** A workload that makes Pods, and the Pods: they are made as their controllers would make them, but for the owner's uid. */
export interface App {
  readonly name: string;
  readonly namespace: string;
  /** Deployment, StatefulSet or CronJob, what it controls, and what that controls. */
  readonly workload: Controlled;
  /** What belongs to it without being controlled: Services, ConfigMaps, Ingresses. */
  readonly others: readonly Manifest[];
}

export interface Controlled {
  readonly object: Manifest;
  readonly controls: readonly Controlled[];
}

/** Name of the namespace with this number. */
export function namespaceName(number: number): string {
  return `team-${String(number).padStart(3, "0")}`;
}

/** What the API server and the controllers would have made for a namespace. */
export function namespaceObjects(name: string): readonly Manifest[] {
  return [
    {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name, labels: { team: name } },
    },
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default", namespace: name } },
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "kube-root-ca.crt", namespace: name },
      data: { "ca.crt": `-----BEGIN CERTIFICATE-----\n${"QmVuY2g".repeat(170)}\n-----END CERTIFICATE-----\n` },
    },
  ];
}

/**
 * One application as platform teams know them: mostly in order, about every third with something that the recommended pack finds.
 * A Deployment keeps two old ReplicaSets.
 */
export function app(number: number, seed: number, namespace: string): App {
  const dice = new Dice(seed * 100_003 + number);
  const name = `${dice.pick(["checkout", "billing", "search", "catalog", "notify", "ledger"])}-${number}`;
  const metadata = { name, namespace, labels: labelsOf(name), annotations: annotationsOf(name) };
  const template = {
    metadata: { labels: labelsOf(name), annotations: annotationsOf(name) },
    spec: podSpec(name, dice),
  };
  const sort = dice.pick(["Deployment", "Deployment", "Deployment", "Deployment", "StatefulSet", "CronJob"]);
  return {
    name,
    namespace,
    workload: workloadOf(sort, metadata, template, dice),
    others: othersOf(name, namespace, dice),
  };
}

/** Number of objects in an app. */
export function sizeOf({ workload, others }: App): number {
  return countControlled(workload) + others.length;
}

/**
 * A Pod that is judged itself, as it would be read, with status and managedFields: its controller, if it has one, is of a kind without
 * a Pod template.
 */
export function judgedPod(number: number, seed: number, namespace: string): Manifest {
  const dice = new Dice(seed * 99_991 + number);
  const name = `pod-${number}`;
  const metadata = { name, namespace, labels: labelsOf(name), annotations: annotationsOf(name) };
  const spec = { ...podSpec(name, dice), ...scheduled };
  const pod: Manifest = { apiVersion: "v1", kind: "Pod", metadata, spec };
  const podSet = { apiVersion: "core.strimzi.io/v1", kind: "StrimziPodSet", metadata: { name: "kafka" } };
  const status = podStatus(spec.containers.map((one) => one.name));
  return read(dice.chance(0.9) ? ownedBy(pod, podSet, ownerUid) : pod, number, { status });
}

const ownerUid = "6f0a3d2e-8b1c-4e57-9d44-000000000000";

/** An object as an API server returns it. */
export function read(manifest: Manifest, number: number, more: object = {}): Manifest {
  const { metadata } = manifest;
  return {
    ...manifest,
    metadata: {
      ...metadata,
      uid: `6f0a3d2e-8b1c-4e57-9d44-${String(number).padStart(12, "0")}`,
      resourceVersion: String(1_000_000 + number),
      generation: 1,
      creationTimestamp: "2026-11-02T09:14:27Z",
      managedFields: [
        {
          manager: "helm",
          operation: "Apply",
          apiVersion: manifest.apiVersion,
          fieldsType: "FieldsV1",
          fieldsV1: fieldsOf({ ...manifest, kind: undefined, apiVersion: undefined }),
        },
      ],
    },
    ...more,
  };
}

/** All objects of an app, as an API server returns them. */
export function liveObjects({ workload, others }: App, from: number): readonly Manifest[] {
  const all: Manifest[] = [];
  const add = (manifest: Manifest) => all.push(read(manifest, from + all.length));
  const addControlled = ({ object, controls }: Controlled, owner: Manifest | undefined) => {
    add(owner === undefined ? object : ownedBy(object, owner, ownerUid));
    for (const one of controls) addControlled(one, object);
  };
  addControlled(workload, undefined);
  for (const other of others) add(other);
  return all;
}

export function ownedBy(object: Manifest, { apiVersion, kind, metadata }: Manifest, uid: string): Manifest {
  const owner = { apiVersion, kind, name: metadata.name, uid, controller: true, blockOwnerDeletion: true };
  return { ...object, metadata: { ...object.metadata, ownerReferences: [owner] } };
}

function countControlled({ controls }: Controlled): number {
  return controls.reduce((sum, one) => sum + countControlled(one), 1);
}

type WorkloadMetadata = Manifest["metadata"] & { readonly namespace: string };

interface Template {
  readonly metadata: { readonly labels: object; readonly annotations: object };
  readonly spec: ReturnType<typeof podSpec>;
}

function workloadOf(sort: string, metadata: WorkloadMetadata, template: Template, dice: Dice): Controlled {
  const { name, namespace } = metadata;
  const selector = { matchLabels: { "app.kubernetes.io/name": name } };
  const pods = (of: string, count: number, spec: object = template.spec): Controlled[] =>
    Array.from({ length: count }, (_, at) => ({
      object: {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { ...template.metadata, name: `${of}-${at}`, namespace },
        spec,
      },
      controls: [],
    }));
  if (sort === "CronJob") {
    const jobSpec = { backoffLimit: 2, template: { ...template, spec: { ...template.spec, restartPolicy: "Never" } } };
    const jobs = Array.from({ length: 3 }, (_, at): Controlled => {
      const job = `${name}-2937${at}`;
      return {
        object: {
          apiVersion: "batch/v1",
          kind: "Job",
          metadata: { name: job, namespace, labels: metadata.labels },
          spec: jobSpec,
        },
        controls: pods(job, 1, jobSpec.template.spec),
      };
    });
    return {
      object: {
        apiVersion: "batch/v1",
        kind: "CronJob",
        metadata,
        spec: {
          schedule: "17 3 * * *",
          ...(dice.chance(0.6) ? { concurrencyPolicy: "Forbid" } : {}),
          jobTemplate: { spec: jobSpec },
        },
      },
      controls: jobs,
    };
  }
  const replicas = dice.between(1, 12);
  if (sort === "StatefulSet")
    return {
      object: {
        apiVersion: "apps/v1",
        kind: "StatefulSet",
        metadata,
        spec: { serviceName: name, replicas, selector, template },
      },
      controls: pods(name, replicas),
    };
  const replicaSets = [0, 1, 2].map((revision): Controlled => {
    const of = `${name}-7c9f${revision}`;
    const count = revision === 2 ? replicas : 0;
    return {
      object: {
        apiVersion: "apps/v1",
        kind: "ReplicaSet",
        metadata: { name: of, namespace, labels: metadata.labels },
        spec: { replicas: count, selector, template },
      },
      controls: pods(of, count),
    };
  });
  return {
    object: {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata,
      spec: { replicas, revisionHistoryLimit: 2, selector, template },
    },
    controls: replicaSets,
  };
}

function othersOf(name: string, namespace: string, dice: Dice): readonly Manifest[] {
  const labels = labelsOf(name);
  const metadata = { name, namespace, labels };
  const selector = { "app.kubernetes.io/name": name };
  const others: Manifest[] = [
    {
      apiVersion: "v1",
      kind: "Service",
      metadata,
      spec: { selector, ports: [{ name: "http", port: 80, targetPort: "http" }] },
    },
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata,
      data: { "application.yaml": "logging: {level: info}\nserver: {port: 8080}\n".repeat(dice.between(5, 60)) },
    },
  ];
  if (dice.chance(0.3))
    others.push({
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata,
      spec: {
        ingressClassName: "nginx",
        rules: [
          {
            host: dice.chance(0.05) ? "*.example.com" : `${name}.example.com`,
            http: { paths: [{ path: "/", pathType: "Prefix", backend: { service: { name, port: { number: 80 } } } }] },
          },
        ],
      },
    });
  if (dice.chance(0.4))
    others.push({
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata,
      spec: { minAvailable: 1, selector: { matchLabels: selector } },
    });
  if (dice.chance(0.3))
    others.push({
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata,
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
        minReplicas: 2,
        maxReplicas: 12,
        metrics: [
          { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } } },
        ],
      },
    });
  if (dice.chance(0.3))
    others.push(
      {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "Role",
        metadata,
        rules: [
          { apiGroups: [""], resources: ["configmaps"], verbs: dice.chance(0.1) ? ["*"] : ["get", "list", "watch"] },
        ],
      },
      {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "RoleBinding",
        metadata,
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name },
        subjects: [{ kind: "ServiceAccount", name: "default", namespace }],
      },
    );
  return others;
}

function labelsOf(name: string): Readonly<Record<string, string>> {
  return {
    "app.kubernetes.io/name": name,
    "app.kubernetes.io/instance": name,
    "app.kubernetes.io/version": "4.17.2",
    "app.kubernetes.io/part-of": "shop",
    "app.kubernetes.io/managed-by": "Helm",
    "helm.sh/chart": `${name}-1.8.0`,
    team: "payments",
  };
}

function annotationsOf(name: string): Readonly<Record<string, string>> {
  return {
    "meta.helm.sh/release-name": name,
    "meta.helm.sh/release-namespace": "shop",
    "prometheus.io/scrape": "true",
    "prometheus.io/port": "9090",
    "checksum/config": "9f2c6e0b1d7a48c3b5e0f6a1d2c3b4a5968778695a4b3c2d1e0f9a8b7c6d5e4f",
  };
}

/** Two or three containers with what real ones carry: probes, environment, mounts. */
function podSpec(name: string, dice: Dice) {
  const containers = [container("app", name, dice), container("proxy", "envoy", dice)];
  return {
    serviceAccountName: "default",
    terminationGracePeriodSeconds: 45,
    securityContext: dice.chance(0.9) ? { runAsNonRoot: true, runAsUser: 10_001, fsGroup: 10_001 } : {},
    ...(dice.chance(0.3) ? { initContainers: [container("migrate", name, dice)] } : {}),
    containers,
    volumes: [
      { name: "config", configMap: { name } },
      { name: "scratch", emptyDir: {} },
      ...(dice.chance(0.02) ? [{ name: "host", hostPath: { path: "/var/lib/data" } }] : []),
    ],
    tolerations: [{ key: "dedicated", operator: "Equal", value: "shop", effect: "NoSchedule" }],
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: "topology.kubernetes.io/zone",
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels: { "app.kubernetes.io/name": name } },
      },
    ],
  };
}

function container(name: string, repository: string, dice: Dice) {
  const probe = { httpGet: { path: "/healthz", port: "http" }, initialDelaySeconds: 5, periodSeconds: 10 };
  const isInit = name === "migrate";
  return {
    name,
    image: `registry.example.com/shop/${repository}:${dice.chance(0.02) ? "latest" : "4.17.2"}`,
    imagePullPolicy: "IfNotPresent",
    args: ["--config=/etc/app/application.yaml", "--log-format=json"],
    env: [
      { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
      { name: "DATABASE_PASSWORD", valueFrom: { secretKeyRef: { name: `${repository}-database`, key: "password" } } },
      ...Array.from({ length: 6 }, (_, at) => ({
        name: `SERVICE_${at}_URL`,
        value: `http://service-${at}.shop.svc.cluster.local:8080/api/v${at}`,
      })),
    ],
    ...(isInit
      ? {}
      : {
          ports: [
            { name: "http", containerPort: 8080 },
            { name: "metrics", containerPort: 9090 },
          ],
        }),
    resources: {
      requests: { ...(dice.chance(0.97) ? { cpu: "250m" } : {}), memory: "256Mi" },
      limits: dice.chance(0.97) ? { memory: "512Mi" } : {},
    },
    ...(isInit || dice.chance(0.04) ? {} : { livenessProbe: probe }),
    ...(isInit ? {} : { readinessProbe: { ...probe, periodSeconds: 5 } }),
    volumeMounts: [
      { name: "config", mountPath: "/etc/app", readOnly: true },
      { name: "scratch", mountPath: "/tmp" },
    ],
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
      ...(dice.chance(0.01) ? { privileged: true, allowPrivilegeEscalation: true } : {}),
    },
  };
}

/** What scheduler and admission add. */
const scheduled = {
  nodeName: "node-17",
  restartPolicy: "Always",
  dnsPolicy: "ClusterFirst",
  schedulerName: "default-scheduler",
  preemptionPolicy: "PreemptLowerPriority",
  priority: 0,
};

function podStatus(containers: readonly string[]) {
  return {
    phase: "Running",
    conditions: ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"].map(
      (type) => ({
        type,
        status: "True",
        lastProbeTime: null,
        lastTransitionTime: "2026-11-02T09:14:41Z",
      }),
    ),
    hostIP: "10.0.17.4",
    podIP: "10.244.17.63",
    podIPs: [{ ip: "10.244.17.63" }],
    startTime: "2026-11-02T09:14:27Z",
    containerStatuses: containers.map((name) => ({
      name,
      state: { running: { startedAt: "2026-11-02T09:14:39Z" } },
      lastState: {},
      ready: true,
      restartCount: 0,
      image: `registry.example.com/shop/${name}:4.17.2`,
      imageID: `registry.example.com/shop/${name}@sha256:${"ab12cd34".repeat(8)}`,
      containerID: `containerd://${"ef56ab78".repeat(8)}`,
      started: true,
    })),
    qosClass: "Burstable",
  };
}

/** As FieldsV1 names the fields of a manifest. */
function fieldsOf(value: unknown): object {
  if (Array.isArray(value))
    return Object.fromEntries(
      value.map((one: unknown) => {
        const key = isNamed(one) ? `k:${JSON.stringify({ name: one.name })}` : `v:${JSON.stringify(one)}`;
        return [key, { ".": {}, ...(isNamed(one) ? fieldsOf(one) : {}) }];
      }),
    );
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, one]) => one !== undefined)
      .map(([name, one]) => [`f:${name}`, fieldsOf(one)]),
  );
}

function isNamed(value: unknown): value is { readonly name: string } {
  return typeof value === "object" && value !== null && "name" in value && typeof value.name === "string";
}
