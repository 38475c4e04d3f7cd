import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { alertingRule } from "../../../tools/generators/prometheus.ts";
import { type Alert, alerts } from "../../../tools/observability/alerts.ts";
import { waitFor } from "../cluster.ts";
import { subscription } from "../notify/subscribed.ts";
import { withoutRightTo } from "../operator/access.ts";
import { useBench } from "../operator/bench.ts";
import { type CustomKind, grantScan, installKind, revokeScan } from "../operator/custom-kinds.ts";
import { Judged } from "../operator/judged.ts";
import { deployment, type Manifest, only, policy } from "../operator/objects.ts";
import { setScene } from "../operator/scene.ts";
import { RunningPrometheus } from "./running-prometheus.ts";

/** Room for the policies of the other tests, not for a policy over many namespaces. */
const seriesCap = 200;

const bench = useBench({ flags: [`--series-cap=${seriesCap}`] });

/** What the alerts look back on takes days; here it takes seconds, where nothing else is said. */
const shortWindow = "5s";
/** Bookmarks, and a digest every minute, still come once a minute; a write that fails is tried again after some seconds. */
const windows: Readonly<Record<string, string>> = {
  PawlWatchStalled: "75s",
  PawlReportWritesFail: "30s",
  PawlDeliveryFailing: "90s",
};

let prometheus: RunningPrometheus;

beforeAll(async () => {
  prometheus = await RunningPrometheus.start({
    targets: [bench.operator.metricsAddress],
    rules: alerts.map((alert) => alertingRule(alert, { window: windows[alert.name] ?? shortWindow, for: "0s" })),
  });
});

afterAll(() => prometheus?.dispose());

const tried = new Set<Alert["name"]>();

/** The labels by which each alert of that name fires now, beside its own. */
async function firing(name: Alert["name"]): Promise<readonly Readonly<Record<string, string>>[]> {
  tried.add(name);
  const all = await prometheus.alerts();
  return all.flatMap(({ state, labels: { alertname, severity: _, ...labels } }) =>
    state === "firing" && alertname === name ? [labels] : [],
  );
}

const slow = { timeoutMs: 150_000 };

async function untilFiring(name: Alert["name"], labels: Readonly<Record<string, string>> = {}): Promise<void> {
  await waitFor(() => firing(name), {
    describe: `${name} to fire with ${JSON.stringify(labels)}`,
    until: (found) => found.some((one) => Object.entries(labels).every(([label, value]) => one[label] === value)),
    ...slow,
  });
}

async function untilSilent(name: Alert["name"], labels: Readonly<Record<string, string>> = {}): Promise<void> {
  await waitFor(() => firing(name), {
    describe: `${name} to fall silent for ${JSON.stringify(labels)}`,
    until: (found) => !found.some((one) => Object.entries(labels).every(([label, value]) => one[label] === value)),
    ...slow,
  });
}

describe.concurrent("while the operator is well", () => {
  test("PawlNewCriticalViolation fires for what is New and critical, until it is gone", async () => {
    const { namespace, judged } = await setScene(bench, {
      prefix: "critical",
      before: (within) => [deployment({ name: "web", namespace: within })],
      rules: { packs: ["deprecation"], override: [{ id: "memory-limit", severity: "Critical" }] },
    });
    expect(await judged.counts(namespace)).toMatchObject({ new: 0, known: 1 });
    const labels = { policy: namespace, namespace };
    expect(await firing("PawlNewCriticalViolation")).not.toContainEqual(labels);

    await bench.apply(deployment({ name: "worse", namespace }));
    await untilFiring("PawlNewCriticalViolation", labels);

    await bench.delete(deployment({ name: "worse", namespace }));
    await untilSilent("PawlNewCriticalViolation", labels);
  });

  test("PawlCoverageHole fires while a kind in scope may not be read", async () => {
    const kind: CustomKind = { group: "hole.example.com", kind: "Widget" };
    await installKind(bench, kind);
    const namespace = await bench.namespace("hole");
    await bench.apply(
      policy(namespace, {
        match: { namespaces: { include: [namespace] }, kinds: [`${kind.kind}.${kind.group}`] },
        rules: only("memory-limit"),
      }),
    );
    await untilFiring("PawlCoverageHole", { policy: namespace });

    await grantScan(bench, kind.group);
    await new Judged(bench, namespace).scan(slow);
    await untilSilent("PawlCoverageHole", { policy: namespace });
  });

  test("PawlWatchStalled fires for a kind of which nothing is heard any more", { timeout: 300_000 }, async () => {
    const kind: CustomKind = { group: "quiet.example.com", kind: "Snail" };
    await installKind(bench, kind);
    await grantScan(bench, kind.group);
    const namespace = await bench.namespace("quiet");
    const judged = new Judged(bench, namespace);
    await bench.apply(
      policy(namespace, {
        match: { namespaces: { include: [namespace] }, kinds: [`${kind.kind}.${kind.group}`] },
        rules: only("memory-limit"),
      }),
    );
    await judged.untilScanned();
    const labels = { kind: `${kind.kind}.${kind.group}` };
    expect(await firing("PawlWatchStalled")).not.toContainEqual(labels);

    await revokeScan(bench, kind.group);
    await judged.scan(slow);
    await untilFiring("PawlWatchStalled", labels);

    await grantScan(bench, kind.group);
    await judged.scan(slow);
    await untilSilent("PawlWatchStalled", labels);
  });

  test("PawlBaselineGrowing fires when a rule is adopted, for as long as it looks back", async () => {
    const { namespace, spec } = await setScene(bench, {
      prefix: "adopted",
      before: (within) => [deployment({ name: "web", namespace: within })],
    });
    await waitFor(() => prometheus.query(`pawl_baseline_entries{policy="${namespace}"} offset ${shortWindow}`), {
      describe: "the size of the baseline, long enough ago",
      until: (found) => found.length > 0,
    });
    expect(await firing("PawlBaselineGrowing")).toEqual([]);

    await bench.apply(policy(namespace, { ...spec, rules: only("memory-limit", "cpu-request") }));
    await untilFiring("PawlBaselineGrowing", { policy: namespace });
    await untilSilent("PawlBaselineGrowing", { policy: namespace });
  });

  test("PawlDeliveryFailing fires while a subscription's Secret cannot be read", async () => {
    const name = await bench.namespace("unread");
    await bench.apply(policy(name, { match: { namespaces: { include: [name] } }, rules: only("memory-limit") }));
    await new Judged(bench, name).untilScanned();
    const failing = subscription(name, {
      sink: { webhook: { secretRef: { name }, url: "https://hooks.example.com" } },
      filter: { policies: [name] },
      digest: { schedule: "* * * * *" },
    });
    await bench.apply(failing);
    await untilFiring("PawlDeliveryFailing", { subscription: name, sink: "webhook" });

    await bench.delete(failing);
    await untilSilent("PawlDeliveryFailing", { subscription: name });
  });

  test("PawlReportWritesFail fires while reports are refused", async () => {
    const { namespace, judged } = await setScene(bench, {
      prefix: "refused",
      before: (within) => [deployment({ name: "web", namespace: within })],
    });
    expect(await firing("PawlReportWritesFail")).toEqual([]);

    const objects = refusal(namespace);
    for (const object of objects) await bench.apply(object);
    await untilRefused(judged, namespace);
    await bench.apply(deployment({ name: "worse", namespace }));
    await untilFiring("PawlReportWritesFail");

    for (const object of objects) await bench.delete(object);
    await judged.untilCounts(namespace, { new: 1, known: 1 }, slow);
    await untilSilent("PawlReportWritesFail");
  });
});

describe("what concerns the operator as a whole", () => {
  test("PawlSeriesDropped fires when there are more violation series than the cap allows", async () => {
    expect(await firing("PawlSeriesDropped")).toEqual([]);
    const prefix = await bench.namespace("many");
    const many = Array.from({ length: seriesCap }, (_, nth) => `${prefix}-${nth}`);
    for (const namespace of many) {
      await bench.createNamespace(namespace);
      await bench.apply(deployment({ name: "web", namespace }));
    }
    const wide = policy(prefix, {
      match: { namespaces: { include: [`${prefix}-*`] } },
      rules: only("memory-limit"),
    });
    await bench.apply(wide);
    await untilFiring("PawlSeriesDropped");

    await bench.delete(wide);
    await untilSilent("PawlSeriesDropped");
  });

  test("PawlScanOverdue fires while scans fail", { timeout: 300_000 }, async () => {
    const namespace = await bench.namespace("overdue");
    await bench.apply(
      policy(namespace, {
        match: { namespaces: { include: [namespace] } },
        rules: only("memory-limit"),
        scan: { schedule: "* * * * *" },
      }),
    );
    const judged = new Judged(bench, namespace);
    await judged.untilScanned();
    await untilSilent("PawlScanOverdue", { policy: namespace });

    await withoutRightTo(
      bench,
      { group: "pawl.dev", resource: "baselines" },
      () => untilFiring("PawlScanOverdue", { policy: namespace }),
      "pawl-operator",
    );
    await judged.scan(slow);

    await untilSilent("PawlScanOverdue", { policy: namespace });
  });

  test("PawlNoLeader fires when nobody leads", async () => {
    expect(await firing("PawlNoLeader")).toEqual([]);

    await bench.restart("SIGTERM", () => untilFiring("PawlNoLeader"));
  });
});

test("every alert was seen to fire", () => {
  expect([...tried].sort()).toEqual(alerts.map(({ name }) => name).sort());
});

/** Lets nobody write a report in the namespace. */
function refusal(namespace: string): readonly Manifest[] {
  const apiVersion = "admissionregistration.k8s.io/v1";
  return [
    {
      apiVersion,
      kind: "ValidatingAdmissionPolicyBinding",
      metadata: { name: namespace },
      spec: {
        policyName: namespace,
        validationActions: ["Deny"],
        matchResources: { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } } },
      },
    },
    {
      apiVersion,
      kind: "ValidatingAdmissionPolicy",
      metadata: { name: namespace },
      spec: {
        failurePolicy: "Fail",
        matchConstraints: {
          resourceRules: [
            {
              apiGroups: ["pawl.dev"],
              apiVersions: ["v1alpha1"],
              operations: ["CREATE", "UPDATE"],
              resources: ["scanreports"],
            },
          ],
        },
        validations: [{ expression: "false", message: "no reports here" }],
      },
    },
  ];
}

async function untilRefused(judged: Judged, namespace: string): Promise<void> {
  const report = await judged.report(namespace);
  const path = `/apis/pawl.dev/v1alpha1/namespaces/${namespace}/scanreports/${judged.policy}?dryRun=All`;
  await waitFor(
    () =>
      bench.request("PUT", path, report).then(
        () => false,
        (error: unknown) => error instanceof Error && error.message.includes("no reports here"),
      ),
    { describe: "reports to be refused", until: (refused) => refused },
  );
}
