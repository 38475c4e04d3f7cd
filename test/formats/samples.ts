import type { Digest } from "../../src/formats/digest.ts";
import type { TransitionsNotice } from "../../src/formats/transitions.ts";
import type { Place } from "../../src/formats/violation-line.ts";
import { digestOf, now } from "../notify/digest/reports.ts";
import { sampleCluster } from "../notify/digest/sample-cluster.ts";

export const digest: Digest = digestOf(sampleCluster, {
  subscription: "monday",
  due: Date.parse("2026-11-23T06:00:00Z"),
  overflow: 3,
});

export const baseline: Digest = digestOf(sampleCluster, {
  kind: "baseline",
  subscription: "monday",
  next: now + 7 * 86_400_000,
});

/** A cluster in which everything is as it should be. */
export const quiet: Digest = digestOf({
  ...sampleCluster,
  policies: (sampleCluster.policies ?? []).map((policy) => ({
    ...policy,
    status: { ...policy.status, coverage: { percent: 100 }, inactiveRules: [] },
  })),
  reports: sampleCluster.reports.map((report) => ({
    ...report,
    summary: { ...report.summary, new: 0, known: 0, critical: 0, high: 0, medium: 0, low: 0 },
    violating: [],
    changes: [],
    history: [],
  })),
});

function place(name: string, hour: string): Place {
  return {
    namespace: "shop",
    ref: `Deployment.apps/${name}`,
    path: "containers[name=app].resources.limits.memory",
    count: 1,
    value: "none",
    since: { at: `2026-11-18T${hour}:03:00Z`, text: `Wed 18 Nov 2026, ${hour}:03` },
    source: "argocd:shop",
    policies: ["production"],
  };
}

export const notice: TransitionsNotice = {
  owner: "payments",
  rule: {
    id: "memory-limit",
    title: "Memory limit",
    severity: "High",
    helpUrl: "https://handbook.example.com/limits?for=memory&how=set",
  },
  added: { shown: [place("checkout", "13"), place("cart", "14")], total: 14 },
  fixed: { shown: [place("ledger", "12")], total: 1 },
};

export const adopted: TransitionsNotice = {
  rule: { id: "priority-class", title: "Priority class", severity: "Low" },
  added: { shown: [], total: 0 },
  fixed: { shown: [], total: 0 },
  adopted: { policy: "production", violations: 1000, resources: 400, namespaces: 12 },
};

export const remarks = { cluster: "prod-eu", subscription: "alerts" };
