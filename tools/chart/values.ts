import { z } from "zod";

/**
 * Every value of the Helm chart: `values.yaml`, `values.schema.json` and the chart's README are generated from here. A value that no field
 * knows is refused by Helm with the name of the field, so a slip of the pen cannot go unnoticed.
 */

const dnsName = z.string().regex(/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/);
const quantity = z.union([z.string().regex(/^[0-9.]+(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/), z.number().min(0)]);
const textMap = z.record(z.string(), z.string());
const switchOf = (initially: boolean, description: string) => z.boolean().default(initially).describe(description);
/** As Kubernetes itself describes it: passed on as it is. */
const passedOn = z.record(z.string(), z.unknown());

const image = z
  .strictObject({
    registry: z.string().default("ghcr.io").describe("Registry, or the mirror that has it."),
    repository: z.string().default("pawl-dev/pawl").describe("Repository in the registry."),
    tag: z.string().default("").describe("Tag; the chart's own version if empty."),
    digest: z
      .string()
      .regex(/^$|^sha256:[0-9a-f]{64}$/)
      .default("")
      .describe("Digest, `sha256:…`; wins over the tag."),
    pullPolicy: z.enum(["Always", "IfNotPresent", "Never"]).default("IfNotPresent").describe("When it is pulled."),
  })
  .prefault({})
  .describe("The operator's image.");

const policy = z
  .strictObject({
    create: switchOf(true, "Make a Policy, so that there is something to see a minute after the installation."),
    name: dnsName.default("default").describe("Its name."),
    spec: passedOn
      .default({ rules: { packs: ["recommended"] } })
      .describe("Its spec. Nothing is blocked by a Policy: what is there becomes the baseline."),
  })
  .prefault({})
  .describe("The first Policy.");

const metrics = z
  .strictObject({
    podMonitor: z
      .strictObject({
        create: switchOf(false, "Make a PodMonitor; takes the CRDs of the Prometheus Operator."),
        interval: z.string().default("30s").describe("Time between two scrapes."),
        labels: textMap.default({}).describe("Labels by which your Prometheus selects it."),
      })
      .prefault({})
      .describe("Scraping by the Prometheus Operator."),
    serviceMonitor: z
      .strictObject({
        create: switchOf(
          false,
          "Make a ServiceMonitor and its Service instead of the PodMonitor; takes the CRDs of the Prometheus Operator.",
        ),
        interval: z.string().default("30s").describe("Time between two scrapes."),
        labels: textMap.default({}).describe("Labels by which your Prometheus selects it."),
      })
      .prefault({})
      .describe("Scraping where Prometheus reads ServiceMonitors only."),
    prometheusRule: z
      .strictObject({
        create: switchOf(false, "Make a PrometheusRule with the alerts; takes the CRDs of the Prometheus Operator."),
        labels: textMap.default({}).describe("Labels by which your Prometheus selects it."),
      })
      .prefault({})
      .describe("Alerts."),
    dashboards: z
      .strictObject({
        create: switchOf(false, "Make a ConfigMap for each Grafana dashboard."),
        labels: textMap.default({ grafana_dashboard: "1" }).describe("Labels by which Grafana's sidecar finds them."),
        annotations: textMap.default({}).describe("Annotations, such as the folder."),
      })
      .prefault({})
      .describe("Grafana dashboards."),
  })
  .prefault({})
  .describe("What reads the metrics.");

const amounts = (cpu: string | null, memory: string, storage: string) =>
  z.strictObject({
    cpu: quantity.nullable().default(cpu).describe("CPU; null for none."),
    memory: quantity.nullable().default(memory).describe("Memory."),
    "ephemeral-storage": quantity.nullable().default(storage).describe("Storage: its log, before the node rotates it."),
  });

const resources = z
  .strictObject({
    requests: amounts("100m", "256Mi", "64Mi").prefault({}).describe("What it is given in any case."),
    limits: amounts(null, "512Mi", "256Mi")
      .prefault({})
      .describe("What it may not exceed. A full scan uses the CPU that it gets, so there is no limit to that."),
  })
  .prefault({})
  .describe("Resources of one replica. docs/operations.md says what a cluster of your size takes.");

const reports = z
  .strictObject({
    secretNames: z
      .array(dnsName.describe("Name of a Secret in the release's namespace."))
      .default([])
      .describe(
        "More Secrets with credentials of ReportSubscriptions. The operator may get those that stand here, and no others.",
      ),
    slack: z
      .strictObject({
        secretName: z
          .union([dnsName, z.literal("")])
          .default("")
          .describe("Secret with `token` or `url`; makes a ReportSubscription named slack."),
        channel: z.string().default("").describe("Channel, with a bot token."),
      })
      .prefault({})
      .describe("The first subscription to Slack."),
    email: z
      .strictObject({
        host: z.string().default("").describe("Mail server; makes a ReportSubscription named email."),
        port: z.int().min(1).max(65_535).default(587).describe("Port of the mail server."),
        secretName: z
          .union([dnsName, z.literal("")])
          .default("")
          .describe("Secret with `username` and `password`, where the server asks for them."),
        from: z.string().default("").describe("Sender."),
        to: z.array(z.string()).default([]).describe("Recipients."),
      })
      .prefault({})
      .describe("The first subscription by mail."),
    digest: z
      .strictObject({
        schedule: z.string().default("0 9 * * 1").describe("When the digest is sent, in cron's five fields."),
        timeZone: z.string().default("Etc/UTC").describe("Time zone of the schedule."),
      })
      .prefault({})
      .describe("Digests of these two."),
    immediate: switchOf(false, "Tell of what becomes new within minutes as well."),
  })
  .prefault({})
  .describe("Messages. More subscriptions are objects of your own, as config/samples shows.");

export const values = z
  .strictObject({
    global: passedOn.optional().describe("Values of an umbrella chart; not used."),
    clusterName: z
      .string()
      .regex(/^[^\s]{1,128}$/)
      .default("kubernetes")
      .describe("Name of this cluster in reports, messages and metrics."),
    image,
    imagePullSecrets: z
      .array(z.strictObject({ name: dnsName }))
      .default([])
      .describe("Secrets for a private registry."),
    replicas: z.int().min(1).max(5).default(2).describe("Replicas. One works, the others stand by."),
    policy,
    secretMetadata: switchOf(
      false,
      "Read metadata of Secrets, which the rules secret-exists and no-token-secret need. RBAC cannot narrow it: the operator may then list Secrets.",
    ),
    reports,
    ownership: z
      .strictObject({
        keys: z
          .array(z.string().min(1).max(328))
          .max(16)
          .default(["team", "owner"])
          .describe(
            "Keys of the labels and annotations that name the owning team, `label:` or `annotation:` before one narrows it.",
          ),
        argocdInstanceLabel: z
          .string()
          .min(1)
          .default("argocd.argoproj.io/instance")
          .describe("Label by which Argo CD tracks objects, where it tracks them by a label."),
      })
      .prefault({})
      .describe("Which team owns a workload."),
    logLevel: z.enum(["debug", "info", "warn", "error"]).default("info").describe("Least severe log entries to write."),
    client: z
      .strictObject({
        qps: z.number().min(1).max(10_000).default(20).describe("Requests a second, on average."),
        burst: z.int().min(1).max(10_000).default(40).describe("Requests that may go at once after a pause."),
      })
      .prefault({})
      .describe("How much the API server is asked."),
    seriesCap: z.int().min(24).max(1_000_000).default(2_000).describe("Most violation series to expose."),
    crds: z
      .strictObject({
        install: switchOf(true, "Install and upgrade the CustomResourceDefinitions with the chart."),
        keep: switchOf(true, "Keep them, and so all baselines, when the chart is uninstalled."),
      })
      .prefault({})
      .describe("CustomResourceDefinitions."),
    metrics,
    networkPolicy: z
      .strictObject({
        create: switchOf(true, "Let Pods of the cluster reach the metrics, and nothing else in; out is open."),
      })
      .prefault({})
      .describe("NetworkPolicy of the operator."),
    podDisruptionBudget: z
      .strictObject({ create: switchOf(true, "Keep one replica during node drains; made with 2 replicas or more.") })
      .prefault({})
      .describe("PodDisruptionBudget of the operator."),
    proxy: z
      .strictObject({
        https: z.string().default("").describe("Proxy for messages to the outside, such as `http://proxy:3128`."),
        no: z.string().default("").describe("Hosts that are reached without it, separated by commas."),
      })
      .prefault({})
      .describe("Proxy."),
    resources,
    serviceAccount: z
      .strictObject({ annotations: textMap.default({}).describe("Annotations, such as a cloud identity.") })
      .prefault({})
      .describe("ServiceAccount of the operator."),
    podAnnotations: textMap.default({}).describe("More annotations of the Pods."),
    podLabels: textMap.default({}).describe("More labels of the Pods."),
    nodeSelector: textMap.default({}).describe("Nodes that the Pods may run on."),
    tolerations: z.array(passedOn).default([]).describe("Taints that the Pods tolerate."),
    affinity: passedOn.default({}).describe("Affinity of the Pods. They are spread over nodes and zones as it is."),
    priorityClassName: z
      .union([dnsName, z.literal("")])
      .default("")
      .describe("PriorityClass of the Pods."),
  })
  .describe("Values of the chart `pawl`.");
