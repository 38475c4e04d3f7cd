import type { ScanReport } from "../../../src/api/scan-report.ts";
import type { Kubectl } from "../../kubectl.ts";
import { policyName } from "../manifests.ts";
import { readClusterReport, readReport } from "../reads.ts";
import { expectSoon, type Stage } from "../stage.ts";
import { type ListedViolation, listViolations, violationsTable } from "../violations-table.ts";

const shownRows = 12;

/** Shows what the first scan found, namespace by namespace. */
export async function showReports(stage: Stage, kubectl: Kubectl): Promise<void> {
  const { screen, signal } = stage;
  screen.stage("What is there today");
  const report = (namespace: string) => (read: AbortSignal) => readReport(kubectl, namespace, policyName, read);
  await expectSoon(stage, "cleanIsClean", {
    read: report("payments"),
    holds: ({ summary, violating }) => summary.resources > 0 && violating.length === 0,
    describe: (seen) => `the report of payments has\n${counts(seen)}`,
  });
  await expectSoon(stage, "debtIsKnown", {
    read: report("shop"),
    holds: ({ summary }) => summary.known > 0 && summary.new === 0,
    describe: (seen) => `the report of shop has\n${counts(seen)}`,
  });
  await expectSoon(stage, "jobsAreFolded", {
    read: report("shop"),
    holds: ({ violating }) =>
      violating.some(({ ref }) => ref === "CronJob.batch/order-export") &&
      !violating.some(({ ref }) => /^(Job\.batch|Pod|ReplicaSet\.apps)\//.test(ref)),
    describe: ({ violating }) => `violating are ${violating.map(({ ref }) => ref).join(", ") || "none"}`,
  });
  const legacy = await expectSoon(stage, "worstIsNamed", {
    read: report("legacy"),
    holds: (seen) =>
      has(seen, "DaemonSet.apps/node-agent", "no-privileged") &&
      has(seen, "Ingress.networking.k8s.io/catch-all", "no-wildcard-ingress") &&
      has(seen, "Deployment.apps/billing", "no-latest-tag"),
    describe: (seen) => `the report of legacy has\n${table(seen)}`,
  });
  await expectSoon(stage, "clusterIsJudged", {
    read: (read) => readClusterReport(kubectl, policyName, read),
    holds: (seen) =>
      has(seen, "ClusterRoleBinding.rbac.authorization.k8s.io/legacy-build-admin", "no-cluster-admin-binding"),
    describe: (seen) => `the cluster report has\n${table(seen)}`,
  });

  screen.say(
    "Every namespace has its report. What the first scan found is the baseline: KNOWN, nothing to act on today.",
  );
  screen.say();
  screen.command("kubectl get scanreports -A");
  screen.output(await kubectl.run(["get", "scanreports", "-A"], { signal }));
  screen.say("What has no namespace has a report of its own:");
  screen.say();
  screen.command("kubectl get clusterscanreports");
  screen.output(await kubectl.run(["get", "clusterscanreports"], { signal }));
  screen.say(
    "(Rules that need siblings, such as a Service's workload, join after a minute: an apply creates siblings in any order.)",
  );
  screen.say();
  screen.say(
    "A report names each violation: the workload at the top (not its ReplicaSets, Jobs and Pods), the rule, the place.",
  );
  screen.say();
  screen.command(`kubectl get scanreport ${policyName} -n legacy -o json   # as a table, the worst first:`);
  screen.output(violationsTable(listViolations(legacy), shownRows));
}

type Report = Pick<ScanReport, "summary" | "rules" | "violating">;

function has(report: Report, ref: string, rule: string): boolean {
  return report.violating.some((each) => each.ref === ref && each.rows.some((row) => row.rule === rule));
}

function counts(report: Report): string {
  return `${JSON.stringify(report.summary)}\n${table(report)}`;
}

function table(report: Report): string {
  return violationsTable(listViolations(report) satisfies readonly ListedViolation[], 40);
}
