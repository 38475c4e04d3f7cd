import type { ScanReport } from "../../../src/api/scan-report.ts";
import type { Kubectl } from "../../kubectl.ts";
import { manifests, policyName } from "../manifests.ts";
import { total } from "../metrics.ts";
import type { OperatorEndpoints } from "../operator-endpoints.ts";
import { type ClusterEvent, readEvents, readReport } from "../reads.ts";
import { expectSoon, type Stage } from "../stage.ts";
import { listViolations, violationsTable } from "../violations-table.ts";
import { showEvents, showMetrics } from "./signals.ts";

const added = { name: "recommendations", ref: "Deployment.apps/recommendations" };
const repaired = { name: "search", ref: "Deployment.apps/search" };

/** Somebody makes it worse, somebody makes it better: both show within seconds, and only that. */
export async function changeSomething(stage: Stage, kubectl: Kubectl, endpoints: OperatorEndpoints): Promise<void> {
  const { screen, signal } = stage;
  screen.stage("The ratchet");
  screen.say(
    `Somebody deploys something worse than what is there (${added.name}: privileged, image latest, no limit):`,
  );
  screen.say();
  screen.command(`kubectl apply -f ${manifests.newDeployment}`);
  screen.output(await kubectl.run(["apply", "-f", manifests.newDeployment], { signal }));
  const shop = (read: AbortSignal) => readReport(kubectl, "shop", policyName, read);
  await expectSoon(stage, "newIsNew", {
    read: shop,
    holds: (report) => violationsOf(report, added.ref) > 0 && report.summary.new === violationsOf(report, added.ref),
    describe: shopCounts,
  });
  await expectSoon(stage, "newIsAnnounced", {
    read: (read) => readEvents(kubectl, read),
    holds: (events) => events.some((event) => isAbout(event, "ViolationFound", added.name)),
    describe: listed,
  });

  screen.say("And somebody repairs what was Known (search: a version, requests and a limit, probes):");
  screen.say();
  screen.command(`kubectl apply -f ${manifests.fixedDeployment}`);
  screen.output(await kubectl.run(["apply", "-f", manifests.fixedDeployment], { signal }));
  const report = await expectSoon(stage, "fixIsFixed", {
    read: shop,
    holds: (seen) => seen.summary.fixed > 0 && violationsOf(seen, repaired.ref) === 0,
    describe: shopCounts,
  });
  await expectSoon(stage, "fixIsAnnounced", {
    read: (read) => readEvents(kubectl, read),
    holds: (events) => events.some((event) => isAbout(event, "ViolationFixed", repaired.name)),
    describe: listed,
  });
  const { new: fresh, fixed } = report.summary;
  const samples = await expectSoon(stage, "metricsMove", {
    read: (read) => endpoints.metrics(read),
    holds: (seen) =>
      total(seen, "pawl_violations", { policy: policyName, namespace: "shop", state: "new" }) === fresh &&
      total(seen, "pawl_violations_found_total", { policy: policyName }) === fresh &&
      total(seen, "pawl_violations_fixed_total", { policy: policyName }) === fixed,
    describe: (seen) =>
      `the report of shop has ${fresh} new and ${fixed} fixed; the metrics have ` +
      `${total(seen, "pawl_violations", { namespace: "shop", state: "new" })} new, ` +
      `${total(seen, "pawl_violations_found_total")} found and ${total(seen, "pawl_violations_fixed_total")} fixed`,
  });
  await expectSoon(stage, "restStaysQuiet", {
    read: async (read) => ({
      reports: await Promise.all(["payments", "legacy"].map((each) => readReport(kubectl, each, policyName, read))),
      events: await readEvents(kubectl, read),
    }),
    holds: ({ reports, events }) =>
      reports.every(({ summary }) => summary.new === 0) &&
      events.every(
        (event) =>
          !event.reason.startsWith("Violation") ||
          isAbout(event, "ViolationFound", added.name) ||
          isAbout(event, "ViolationFixed", repaired.name),
      ),
    describe: ({ reports, events }) =>
      [...reports.map(({ metadata, summary }) => `${metadata.namespace}: ${summary.new} new`), listed(events)].join(
        "\n",
      ),
  });

  screen.say(
    "NEW stays until it is gone. FIXED may come back for a day, so that a rollback is not punished; later it is New.",
  );
  screen.say();
  screen.command("kubectl get scanreports -A");
  screen.output(await kubectl.run(["get", "scanreports", "-A"], { signal }));
  screen.say("What is new, by name:");
  screen.say();
  screen.command(`kubectl get scanreport ${policyName} -n shop -o json   # the rows with state New:`);
  screen.output(
    violationsTable(
      listViolations(report).filter(({ state }) => state === "New"),
      12,
    ),
  );
  screen.say("One Event on each of the two Deployments, where its owner looks first:");
  screen.say();
  await showEvents(stage, kubectl);
  screen.say("And the counters for alerts:");
  screen.say();
  showMetrics(stage, endpoints, samples, ["pawl_violations_found_total", "pawl_violations_fixed_total"]);
}

function violationsOf(report: ScanReport, ref: string): number {
  const rows = report.violating.find((each) => each.ref === ref)?.rows ?? [];
  return rows.reduce((sum, { count = 1 }) => sum + count, 0);
}

function isAbout({ reason, involvedObject }: ClusterEvent, wanted: string, deployment: string): boolean {
  return (
    reason === wanted &&
    involvedObject.kind === "Deployment" &&
    involvedObject.namespace === "shop" &&
    involvedObject.name === deployment
  );
}

function shopCounts(report: ScanReport): string {
  return `the report of shop has ${JSON.stringify(report.summary)}\n${violationsTable(listViolations(report), 40)}`;
}

function listed(events: readonly ClusterEvent[]): string {
  const lines = events.map(({ reason, involvedObject: { kind, name } }) => `${reason} on ${kind} ${name}`);
  return lines.join("\n") || "no Event of Pawl";
}
