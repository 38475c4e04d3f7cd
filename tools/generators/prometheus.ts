import { dump } from "js-yaml";
import { type Alert, alerts } from "../observability/alerts.ts";
import { type Generator, notice } from "./generator.ts";

/** Scraping and alerts for the Prometheus Operator, in `config/prometheus`. */
export const prometheus: Generator = {
  name: "prometheus",
  outputs: async () =>
    new Map([
      ["config/prometheus/pod-monitor.yaml", render("this file", podMonitor)],
      ["config/prometheus/service-monitor.yaml", render("this file", metricsService, serviceMonitor)],
      ["config/prometheus/rules.yaml", render("tools/observability/alerts.ts", prometheusRule())],
    ]),
};

const labels = { "app.kubernetes.io/name": "pawl" };
const metadata = { name: "pawl", namespace: "pawl-system", labels };
const scraped = [{ port: "metrics", path: "/metrics", interval: "30s" }];

/** Every replica is scraped: a standby tells of itself, only the leader of the cluster. */
const podMonitor = {
  apiVersion: "monitoring.coreos.com/v1",
  kind: "PodMonitor",
  metadata,
  spec: {
    selector: { matchLabels: labels },
    podMetricsEndpoints: scraped,
  },
};

/** Takes the place of the PodMonitor where Prometheus reads ServiceMonitors only; with both everything would be counted twice. */
const serviceMonitor = {
  apiVersion: "monitoring.coreos.com/v1",
  kind: "ServiceMonitor",
  metadata,
  spec: { selector: { matchLabels: labels }, endpoints: scraped },
};

/** Nothing but the list of Pods that the ServiceMonitor reads: whoever asked an address for all of them would hear one at random. */
const metricsService = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { ...metadata, name: "pawl-metrics" },
  spec: {
    clusterIP: "None",
    selector: { ...labels, "app.kubernetes.io/component": "operator" },
    ports: [{ name: "metrics", port: 8080, targetPort: "metrics", protocol: "TCP" }],
  },
};

function prometheusRule(): object {
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PrometheusRule",
    metadata,
    spec: { groups: [{ name: "pawl", rules: alerts.map((alert) => alertingRule(alert)) }] },
  };
}

/** As Prometheus reads it from a rules file. `timing` takes the place of the alert's own. */
export function alertingRule(alert: Alert, timing: Pick<Alert, "window" | "for"> = alert): object {
  return {
    alert: alert.name,
    expr: alert.expr(timing.window),
    for: timing.for,
    labels: { severity: alert.severity },
    annotations: { summary: alert.summary, runbook: runbookPath(alert) },
  };
}

/** From the root of the repository. */
export function runbookPath({ name }: Alert): string {
  return `docs/runbooks/${name}.md`;
}

function render(source: string, ...objects: readonly object[]): string {
  const documents = objects.map((object) => dump(object, { lineWidth: 120, noRefs: true }));
  return `# ${notice("prometheus", source)}\n${documents.join("---\n")}`;
}
