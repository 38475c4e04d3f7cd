import type { HistoryDay } from "../../../src/api/scan-report.ts";
import { type Cluster, change, day, policy, report, resource, row, rules } from "./reports.ts";

const limit = "containers[name=app].resources.limits.memory";
const privileged = "containers[name=app].securityContext.privileged";
const image = "containers[name=app].image";

/** The days of five weeks, of which these fall to the given number of known violations. */
function falling(from: number, to: number, serious: number, resources: number): HistoryDay[] {
  return Array.from({ length: from - to + 1 }, (_, step) => {
    const date = new Date(Date.parse("2026-10-20T00:00:00Z") + 2 * step * 86_400_000).toISOString().slice(0, 10);
    return day(date, { resources, known: from - step, fixed: step, high: serious, critical: 1, score: 60 + step });
  });
}

/** A cluster of a few teams: two policies that overlap in one namespace, something new, something fixed, a hole. */
export const sampleCluster: Cluster = {
  policies: [
    policy("production", {
      coverage: {
        percent: 92,
        holes: [
          {
            kind: "Ingress.networking.k8s.io",
            reason: "Forbidden",
            message:
              'the operator may not list ingresses: grant it with a ClusterRole labelled rbac.pawl.dev/aggregate-to-scan: "true"',
            since: "2026-11-20T22:15:00Z",
          },
        ],
      },
      inactiveRules: [{ rule: "secret-exists", reason: "NeedsSecretMetadata" }],
    }),
    policy("security"),
  ],
  reports: [
    report({
      namespace: "shop",
      resources: 12,
      fixed: 9,
      violating: [
        resource(
          "Deployment.apps/checkout",
          [
            row("no-privileged", { path: privileged, state: "New", since: "2026-11-18T13:03:00Z", value: "true" }),
            row("memory-limit", { path: limit, state: "New", since: "2026-11-18T13:03:00Z", value: "none" }),
            row("no-latest-tag", { path: image, value: "registry.example.com/checkout" }),
          ],
          { owner: "payments", source: "argocd:shop" },
        ),
        resource(
          "Deployment.apps/cart",
          [row("memory-limit", { path: limit }), row("no-latest-tag", { path: image })],
          {
            owner: "payments",
            source: "argocd:shop",
          },
        ),
        resource(
          "StatefulSet.apps/ledger",
          [row("memory-limit", { path: limit }), row("no-privileged", { path: privileged })],
          {
            owner: "payments",
            source: "argocd:shop",
          },
        ),
        resource("CronJob.batch/report", [
          row("priority-class", { path: "priorityClassName", since: "2026-11-19T06:00:00Z" }),
        ]),
      ],
      changes: [
        change("New", "2026-11-18T13:03:00Z", { rule: "no-privileged", path: privileged }),
        change("New", "2026-11-18T13:03:00Z", { path: limit }),
        change("Fixed", "2026-11-17T09:00:00Z", { ref: "Deployment.apps/cart", path: "containers[name=proxy]" }),
        change("Gone", "2026-11-17T08:10:00Z", { ref: "Pod/debug", rule: "priority-class", path: "priorityClassName" }),
        change("New", "2026-11-17T08:00:00Z", { ref: "Pod/debug", rule: "priority-class", path: "priorityClassName" }),
      ],
      history: falling(16, 6, 4, 12),
    }),
    report({
      namespace: "search",
      resources: 8,
      fixed: 3,
      violating: [
        resource(
          "Deployment.apps/index",
          [row("memory-limit", { path: limit }), row("no-latest-tag", { path: image })],
          {
            owner: "search",
            source: "helm:web",
          },
        ),
        resource(
          "Deployment.apps/query",
          [row("memory-limit", { path: limit, state: "New", since: "2026-11-21T16:40:00Z" })],
          {
            owner: "search",
            source: "helm:web",
          },
        ),
      ],
      changes: [
        change("New", "2026-11-21T16:40:00Z", { ref: "Deployment.apps/query", path: limit }),
        change("Fixed", "2026-11-19T11:00:00Z", {
          ref: "Deployment.apps/index",
          path: "containers[name=log]",
          count: 2,
        }),
      ],
      history: falling(9, 3, 2, 8),
    }),
    report({
      policy: "security",
      namespace: "shop",
      resources: 12,
      violating: [
        resource(
          "Deployment.apps/checkout",
          [row("no-privileged", { path: privileged, state: "New", since: "2026-11-18T13:03:00Z", value: "true" })],
          { owner: "payments", source: "argocd:shop" },
        ),
        resource("StatefulSet.apps/ledger", [row("no-privileged", { path: privileged })], {
          owner: "payments",
          source: "argocd:shop",
        }),
      ],
      rules: { "no-privileged": rules["no-privileged"] ?? { severity: "Critical", title: "" } },
      history: [
        day("2026-10-20", { resources: 12, known: 1, critical: 1, score: 91 }),
        day("2026-11-18", { resources: 12, new: 1, known: 1, found: 1, critical: 2, score: 83 }),
      ],
    }),
  ],
};
