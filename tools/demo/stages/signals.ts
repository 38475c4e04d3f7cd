import type { Kubectl } from "../../kubectl.ts";
import { policyName } from "../manifests.ts";
import { type Sample, select, total } from "../metrics.ts";
import type { OperatorEndpoints } from "../operator-endpoints.ts";
import { type ClusterEvent, pawlEvents, readEvents, readReport } from "../reads.ts";
import { expectSoon, type Stage } from "../stage.ts";

const namespaces = ["payments", "shop", "legacy"];

/** Shows that the first day is quiet, and what Prometheus sees. */
export async function showSignals(stage: Stage, kubectl: Kubectl, endpoints: OperatorEndpoints): Promise<void> {
  const { screen } = stage;
  screen.stage("What was said about it");
  await expectSoon(stage, "firstDayIsQuiet", {
    read: (read) => readEvents(kubectl, read),
    holds: (events) => reasons(events).has("BaselineTaken") && !reasons(events).has("ViolationFound"),
    describe: (events) => `Events with the reasons ${[...reasons(events)].join(", ") || "none"}`,
  });
  screen.say("Nobody is told about old debt. The Events speak of the Policy, not of the workloads:");
  screen.say();
  await showEvents(stage, kubectl);

  const samples = await expectSoon(stage, "metricsAgree", {
    read: async (read) => {
      const reports = await Promise.all(namespaces.map((each) => readReport(kubectl, each, policyName, read)));
      return { reports, samples: await endpoints.metrics(read) };
    },
    holds: ({ reports, samples }) =>
      reports.every(
        ({ metadata, summary }) =>
          total(samples, "pawl_violations", { policy: policyName, namespace: metadata.namespace ?? "" }) ===
          summary.new + summary.known,
      ) && total(samples, "pawl_scan_last_success_timestamp_seconds", { policy: policyName }) > 0,
    describe: ({ reports, samples }) =>
      [
        ...reports.map(
          ({ metadata, summary }) => `${metadata.namespace}: ${summary.new + summary.known} in the report`,
        ),
        ...lines(samples, "pawl_violations"),
        ...lines(samples, "pawl_scan_last_success_timestamp_seconds"),
      ].join("\n"),
  });
  screen.say("Metrics carry counts by namespace, severity and state, and how fresh and how complete the scan is:");
  screen.say();
  showMetrics(stage, endpoints, samples.samples, [
    "pawl_violations",
    "pawl_scan_last_success_timestamp_seconds",
    "pawl_scan_coverage_ratio",
  ]);
}

export async function showEvents({ screen, signal }: Stage, kubectl: Kubectl): Promise<void> {
  const args = ["get", "events", "-A", "--field-selector", pawlEvents, "--sort-by=.eventTime"];
  screen.command(`kubectl ${args.join(" ")}`);
  screen.output(await kubectl.run(args, { signal }));
}

/** Shows the samples of these metrics, but for those that are 0. */
export function showMetrics(
  { screen }: Stage,
  endpoints: OperatorEndpoints,
  samples: readonly Sample[],
  names: readonly string[],
): void {
  const shown = names.flatMap((name) => select(samples, name)).filter(({ value }) => value !== 0);
  // Seconds since the epoch are another number in every run.
  for (const { name, line } of shown)
    if (name.endsWith("_timestamp_seconds")) screen.hide(line.slice(line.lastIndexOf(" ") + 1), "<now>");
  screen.command(`curl -s ${endpoints.metricsUrl} | grep -E '^(${names.join("|")})' | grep -v ' 0$'`);
  screen.output(shown.map(({ line }) => line).join("\n"));
}

function lines(samples: readonly Sample[], name: string): readonly string[] {
  return select(samples, name).map(({ line }) => line);
}

function reasons(events: readonly ClusterEvent[]): ReadonlySet<string> {
  return new Set(events.map(({ reason }) => reason));
}
