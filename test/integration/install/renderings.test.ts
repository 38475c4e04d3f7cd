import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { root } from "../../docs/pages.ts";
import { kubectl } from "../cluster.ts";
import { helm, type Manifest, manifests, rendered } from "./helm.ts";
import { violations } from "./judged.ts";

/** Which tool made an object, and which version: the one thing in which the two ways differ. */
const ofHelm = new Set([
  "app.kubernetes.io/instance",
  "app.kubernetes.io/managed-by",
  "app.kubernetes.io/version",
  "helm.sh/chart",
]);

/** Helm makes the namespace by a flag of its own, so what belongs to it comes with kustomize alone. */
const ofTheNamespace = new Set(["Namespace", "ResourceQuota"]);

function comparable(objects: readonly Manifest[]): readonly object[] {
  return objects
    .filter(({ kind }) => !ofTheNamespace.has(kind))
    .map(({ metadata, ...rest }) => {
      const { labels = {}, annotations: _keep, ...place } = metadata;
      const own = Object.fromEntries(Object.entries(labels).filter(([name]) => !ofHelm.has(name)));
      return { ...rest, metadata: { ...place, labels: own } };
    })
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

const keyOf = ({ kind, metadata: { namespace = "", name } }: Pick<Manifest, "kind" | "metadata">) =>
  `${kind}/${namespace}/${name}`;

async function kustomized(folder: string): Promise<readonly Manifest[]> {
  return manifests((await kubectl(["kustomize", join(root, folder)])).stdout);
}

describe("the chart and config/default", () => {
  test("make the same objects", async () => {
    expect(comparable(await rendered("--set", "policy.create=false"))).toEqual(
      comparable(await kustomized("config/default")),
    );
  });

  test("keep the CRDs when the chart goes", async () => {
    const crds = (await rendered()).filter(({ kind }) => kind === "CustomResourceDefinition");
    expect(crds.map(({ metadata }) => metadata.annotations?.["helm.sh/resource-policy"])).toEqual(
      crds.map(() => "keep"),
    );
  });

  test("mean the same first Policy as config/samples", async () => {
    const [policy] = (await rendered()).filter(({ kind }) => kind === "Policy");
    const [sample] = manifests(readFileSync(join(root, "config/samples/policy.yaml"), "utf8"));
    expect({ name: policy?.metadata.name, spec: policy?.spec }).toEqual({
      name: sample?.metadata.name,
      spec: sample?.spec,
    });
  });

  test.each(["strict", "pss-restricted"])(
    "pass our own pack %s once the image has the digest of a release",
    async (pack) => {
      const released = ["--set", `image.digest=sha256:${"0".repeat(64)}`];
      expect(violations(await rendered(...released), pack)).toEqual([]);
      const withoutDigest = violations(await kustomized("config/default"), pack);
      expect(withoutDigest.filter((line) => !line.startsWith("Deployment.apps/pawl image-digest "))).toEqual([]);
    },
  );
});

describe("the chart", () => {
  test("passes helm lint", async () => {
    expect(await helm(["lint", join(root, "chart"), "--strict"])).toContain("0 chart(s) failed");
  });

  test.each([
    [["--set", "clusterNam=prod"], "additional properties 'clusterNam' not allowed"],
    [["--set", "replicas=0"], "at '/replicas': minimum: got 0, want 1"],
    [["--set", "image.digest=latest"], "at '/image/digest'"],
    [["--set", "logLevel=loud"], "at '/logLevel'"],
    [["--set", "resources.limits.memory=much"], "at '/resources/limits/memory'"],
  ])("refuses %j and names the field", async (args, message) => {
    await expect(rendered(...args)).rejects.toMatchObject({ stderr: expect.stringContaining(message) });
  });

  test("makes the first subscriptions, and lets the operator get their Secrets and no others", async () => {
    const objects = await rendered(
      "--set",
      "reports.slack.secretName=pawl-slack,reports.slack.channel=platform,reports.secretNames={pawl-hook},reports.email.host=smtp.example.com",
      "--set",
      "reports.email.from=pawl@example.com,reports.email.to={team@example.com},reports.immediate=true",
    );
    expect(objects.filter(({ kind }) => kind === "ReportSubscription").map(({ spec }) => spec)).toEqual([
      {
        sink: { slack: { secretRef: { name: "pawl-slack" }, channel: "platform" } },
        digest: { schedule: "0 9 * * 1", timeZone: "Etc/UTC" },
        immediate: {},
      },
      {
        sink: { email: { host: "smtp.example.com", port: 587, from: "pawl@example.com", to: ["team@example.com"] } },
        digest: { schedule: "0 9 * * 1", timeZone: "Etc/UTC" },
        immediate: {},
      },
    ]);
    const role = objects.find(({ metadata, kind }) => kind === "Role" && metadata.name === "pawl-report-secrets");
    expect(role).toMatchObject({ rules: [{ resourceNames: ["pawl-hook", "pawl-slack"], verbs: ["get"] }] });
  });

  test("makes the same Service and ServiceMonitor as config/prometheus, and our own rules find nothing wrong with them", async () => {
    const objects = await rendered("--set", "metrics.serviceMonitor.create=true");
    const added = objects.filter(({ kind }) => kind === "Service" || kind === "ServiceMonitor");
    const plain = manifests(readFileSync(join(root, "config/prometheus/service-monitor.yaml"), "utf8"));
    expect(comparable(added)).toEqual(comparable(plain));

    const judged = violations([...plain, ...(await kustomized("config/default"))], "strict");
    expect(judged.filter((line) => !line.startsWith("Deployment.apps/pawl image-digest "))).toEqual([]);
  });

  test("a ServiceMonitor without its Service would be found by our own rules", () => {
    const [, monitor] = manifests(readFileSync(join(root, "config/prometheus/service-monitor.yaml"), "utf8"));
    expect(violations(monitor === undefined ? [] : [monitor], "strict")).toEqual([
      expect.stringContaining("ServiceMonitor.monitoring.coreos.com/pawl service-monitor-target "),
    ]);
  });

  test("scrapes the operator once, by the Pods or by the Service", async () => {
    await expect(
      rendered("--set", "metrics.serviceMonitor.create=true,metrics.podMonitor.create=true"),
    ).rejects.toMatchObject({ stderr: expect.stringContaining("set one of them") });
  });

  test("puts what is shared with the repository into its ConfigMaps and rules unchanged", async () => {
    const objects = await rendered("--set", "metrics.dashboards.create=true,metrics.prometheusRule.create=true");
    const boards = readdirSync(join(root, "config/grafana"));
    expect(
      objects
        .filter(({ metadata }) => metadata.name.startsWith("pawl-dashboard-"))
        .map((map) => (map as Manifest & { readonly data: Record<string, string> }).data),
    ).toEqual(boards.map((file) => ({ [`pawl-${file}`]: readFileSync(join(root, "config/grafana", file), "utf8") })));
    const [rule] = manifests(readFileSync(join(root, "config/prometheus/rules.yaml"), "utf8"));
    expect(objects.find(({ kind }) => kind === "PrometheusRule")?.spec).toEqual(rule?.spec);
  });
});
