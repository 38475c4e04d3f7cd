import { describe, expect, test } from "vitest";
import type { Baseline } from "../../../src/api/baseline.ts";
import type { ClusterScanReport } from "../../../src/api/scan-report.ts";
import { withoutRightTo } from "./access.ts";
import { useBench } from "./bench.ts";
import { type CustomKind, customObject, grantScan, installKind, removeKind } from "./custom-kinds.ts";
import { Judged } from "./judged.ts";
import { type Manifest, only, overriding, policy } from "./objects.ts";

const bench = useBench();

const ingressKind = "Ingress.networking.k8s.io";
const wildcard = "no-wildcard-ingress";

/** For any host. */
function ingress(namespace: string, name: string): Manifest {
  const service = { name: "web", port: { number: 80 } };
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { namespace, name },
    spec: { rules: [{ http: { paths: [{ path: "/", pathType: "Prefix", backend: { service } }] } }] },
  };
}

const owned = overriding({ id: "required-labels", params: { labels: ["owner"], kinds: ["*"] } });

describe.concurrent("coverage", () => {
  test("shows a kind that may not be listed everywhere, concludes nothing from it, and recovers", async () => {
    const namespace = await bench.namespace("refused");
    const judged = new Judged(bench, namespace);
    await bench.apply(ingress(namespace, "old"));
    await bench.apply(policy(namespace, { match: { namespaces: { include: [namespace] } }, rules: only(wildcard) }));
    await judged.untilScanned();
    const [known = ""] = (await judged.rows(namespace)) ?? [];
    expect(known).toMatch(/^Ingress\.networking\.k8s\.io\/old no-wildcard-ingress .* Known$/);
    const ratio = () => bench.operator.metric("pawl_scan_coverage_ratio", { policy: namespace });
    expect(await ratio()).toBe(1);

    await withoutRightTo(bench, { group: "networking.k8s.io", resource: "ingresses" }, async () => {
      await judged.scan();
      const status = await judged.until(() => judged.status(), {
        describe: "a hole in the coverage",
        until: ({ coverage }) => (coverage?.holes ?? []).length > 0,
      });
      const [hole] = status.coverage?.holes ?? [];
      expect(hole).toMatchObject({ kind: ingressKind, reason: "Forbidden" });
      expect(hole?.message).toContain("forbidden");
      const percent = status.coverage?.percent ?? 100;
      expect(percent).toBeLessThan(100);
      expect(await judged.conditions()).toEqual(["Degraded=True IncompleteCoverage", "Ready=True InForce"]);
      const degraded = status.conditions?.find(({ type }) => type === "Degraded");
      expect(degraded?.message).toContain(`${percent}% covered; not read: ${ingressKind} (Forbidden).`);
      expect(Math.floor((await ratio()) * 100)).toBe(percent);
      const { stdout } = await bench.kubectl(["get", "ppol", namespace, "--output=wide"]);
      const [header = "", line = ""] = stdout.split("\n");
      expect(line.slice(header.indexOf("COVERAGE")).split(/\s/)[0]).toBe(`${percent}`);
      await judged.until(() => judged.news("ScanDegraded"), {
        describe: "the Event ScanDegraded",
        until: ([event = ""]) =>
          event.startsWith("Warning ScanDegraded ") && event.includes(`${ingressKind} (Forbidden)`),
      });

      await bench.delete(ingress(namespace, "old"));
      await judged.scan();
      expect(await judged.rows(namespace)).toEqual([known]);
      expect(await judged.counts(namespace)).toEqual({ new: 0, known: 1, fixed: 0 });
    });
    await judged.scan();

    await judged.untilCounts(namespace, { new: 0, known: 0, fixed: 1 });
    await judged.until(() => judged.status(), {
      describe: "full coverage",
      until: ({ coverage }) => coverage?.percent === 100 && coverage.holes?.length === 0,
    });
    expect(await judged.conditions()).toEqual(["Ready=True InForce"]);
    expect(await ratio()).toBe(1);
    await judged.until(() => judged.news("ScanRecovered"), {
      describe: "the Event ScanRecovered",
      until: (events) => events.length === 1,
    });
    expect(await judged.news("ScanDegraded")).toHaveLength(1);
  });

  test("counts a kind that nobody granted as a hole, and judges it when somebody does", async () => {
    const secretive: CustomKind = { group: "granted.example.com", kind: "Widget" };
    const namespace = await bench.namespace("grant");
    const judged = new Judged(bench, namespace);
    await installKind(bench, secretive);
    await bench.create(customObject(secretive, { namespace, name: "old" }));
    await bench.apply(
      policy(namespace, {
        match: { namespaces: { include: [namespace] }, kinds: ["Widget.granted.example.com"] },
        rules: owned,
      }),
    );
    await judged.untilScanned();
    expect((await judged.status()).coverage?.holes).toMatchObject([
      { kind: "Widget.granted.example.com", reason: "Forbidden" },
    ]);

    await grantScan(bench, secretive.group);

    // Nobody asks for a scan: the kind is tried again by itself.
    await judged.untilRows(namespace, ["Widget.granted.example.com/old required-labels metadata.labels Known"], {
      timeoutMs: 60_000,
    });
    await judged.until(() => judged.conditions(), {
      describe: "no Degraded",
      until: (conditions) => conditions.join() === "Ready=True InForce",
    });
  });

  test("does not miss a kind that is not served", async () => {
    const namespace = await bench.namespace("absent");
    const judged = new Judged(bench, namespace);
    await bench.apply(
      policy(namespace, {
        match: { namespaces: { include: [namespace] }, kinds: ["*.absent.example.com", "Gone.absent.example.com"] },
        rules: owned,
      }),
    );
    await judged.untilScanned();

    expect(await judged.conditions()).toEqual(["Ready=True InForce"]);
    expect((await judged.status()).coverage).toEqual({ percent: 100, holes: [] });
  });
});

describe.concurrent("a kind that comes and goes", () => {
  const rowOf = (kind: CustomKind, name: string, state: string) =>
    `${kind.kind}.${kind.group}/${name} required-labels metadata.labels ${state}`;

  test("is judged without a restart when its CRD is installed later, and what it has is New", async () => {
    const gadget: CustomKind = { group: "later.example.com", kind: "Gadget" };
    const { namespace, judged } = await watchGroup("later", gadget.group);
    await judged.until(() => judged.baseline(namespace), { describe: "a baseline" });

    await installKind(bench, gadget);
    await bench.create(customObject(gadget, { namespace, name: "one" }));

    await judged.untilRows(namespace, [rowOf(gadget, "one", "New")], { timeoutMs: 15_000 });
    await bench.create(customObject(gadget, { namespace, name: "two", labels: { owner: "shop" } }));
    await bench.create(customObject(gadget, { namespace, name: "three" }));
    await judged.untilRows(namespace, [rowOf(gadget, "one", "New"), rowOf(gadget, "three", "New")], {
      timeoutMs: 5_000,
    });
    expect((await judged.status()).coverage).toEqual({ percent: 100, holes: [] });
  });

  test("leaves the scope when its CRD is deleted: nothing is fixed, nobody is told, nothing is missing", async () => {
    const gadget: CustomKind = { group: "gone.example.com", kind: "Gadget" };
    await installKind(bench, gadget);
    const before = await bench.namespace("gone");
    await bench.create(customObject(gadget, { namespace: before, name: "old" }));
    const { namespace, judged } = await watchGroup("gone", gadget.group, before);
    await bench.create(customObject(gadget, { namespace, name: "new" }));
    await judged.untilRows(namespace, [rowOf(gadget, "new", "New"), rowOf(gadget, "old", "Known")]);
    const { pid } = bench.operator;

    await removeKind(bench, gadget);
    await judged.untilRows(namespace, []);
    await judged.scan();

    expect(await judged.counts(namespace)).toEqual({ new: 0, known: 0, fixed: 0 });
    expect(await judged.events(namespace, "ViolationFixed")).toEqual([]);
    expect(await bench.operator.metric("pawl_violations_fixed_total", { policy: namespace })).toBe(0);
    expect(await judged.conditions()).toEqual(["Ready=True InForce"]);
    expect((await judged.status()).coverage).toEqual({ percent: 100, holes: [] });
    const kinds = (await bench.operator.metrics()).map(({ labels }) => labels.kind);
    expect(kinds).not.toContain("Gadget.gone.example.com");
    expect(bench.operator.pid).toBe(pid);
    expect(bench.operator.isRunning).toBe(true);

    await installKind(bench, gadget);
    await bench.create(customObject(gadget, { namespace, name: "old" }));
    await bench.create(customObject(gadget, { namespace, name: "new" }));
    await judged.untilRows(namespace, [rowOf(gadget, "new", "New"), rowOf(gadget, "old", "Known")], {
      timeoutMs: 15_000,
    });
  });

  test("is judged in the version that the API server prefers from now on", async () => {
    const gadget: CustomKind = { group: "versioned.example.com", kind: "Gadget" };
    await installKind(bench, gadget);
    const { namespace, judged } = await watchGroup("version", gadget.group);
    await bench.create(customObject(gadget, { namespace, name: "old" }));
    await judged.untilRows(namespace, [rowOf(gadget, "old", "New")]);

    await addVersion(gadget, "v2");
    const newer: CustomKind = { ...gadget, version: "v2" };
    await bench.create(customObject(newer, { namespace, name: "new" }));
    await judged.untilRows(namespace, [rowOf(gadget, "new", "New"), rowOf(gadget, "old", "New")]);
    await bench.delete(customObject(newer, { namespace, name: "old" }));
    await judged.untilRows(namespace, [rowOf(gadget, "new", "New")]);
  });

  /** A policy for one namespace and all kinds of a group. */
  async function watchGroup(prefix: string, group: string, existing?: string) {
    const namespace = existing ?? (await bench.namespace(prefix));
    const judged = new Judged(bench, namespace);
    await grantScan(bench, group);
    await bench.apply(
      policy(namespace, { match: { namespaces: { include: [namespace] }, kinds: [`*.${group}`] }, rules: owned }),
    );
    await judged.untilScanned();
    return { namespace, judged };
  }

  async function addVersion({ group, kind }: CustomKind, name: string): Promise<void> {
    const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${kind.toLowerCase()}s.${group}`;
    const { spec } = await bench.request<{ spec: { versions: readonly object[] } }>("GET", path);
    const versions = [
      ...spec.versions.map((version) => ({ ...version, storage: false })),
      { ...spec.versions[0], name, storage: true },
    ];
    await bench.request("PATCH", path, { spec: { versions } }, { contentType: "application/merge-patch+json" });
    await judgedServes(group, name, kind);
  }

  async function judgedServes(group: string, version: string, kind: string): Promise<void> {
    await new Judged(bench, "").until(() => bench.find(`/apis/${group}/${version}/${kind.toLowerCase()}s`), {
      describe: `${kind}.${group}/${version} to be served`,
    });
  }
});

describe.concurrent("resources without a namespace", () => {
  const wildcard = (name: string): Manifest => ({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: { name },
    rules: [{ apiGroups: ["shop.example.com"], resources: ["*"], verbs: ["*"] }],
  });

  test("have a report and a baseline of their own", async () => {
    const judged = new Judged(bench, "roles");
    const report = () => bench.find<ClusterScanReport>("/apis/pawl.dev/v1alpha1/clusterscanreports/roles");
    const statesOf = async (name: string) =>
      (await report())?.violating
        .filter(({ ref }) => ref === `ClusterRole.rbac.authorization.k8s.io/${name}`)
        .flatMap(({ rows }) => rows.map(({ state = "Known" }) => state));
    await bench.apply(wildcard("roles-old"));
    await bench.apply(
      policy("roles", {
        match: { namespaces: { include: ["no-such-namespace"] }, clusterResources: "Include" },
        rules: only("no-rbac-wildcard"),
      }),
    );
    await judged.untilScanned();
    expect(new Set(await statesOf("roles-old"))).toEqual(new Set(["Known"]));
    const taken = await bench.find<Baseline>("/apis/pawl.dev/v1alpha1/baselines/roles.cluster");
    expect(taken?.resources.map(({ ref }) => ref)).toContain("ClusterRole.rbac.authorization.k8s.io/roles-old");
    expect(taken).not.toHaveProperty("namespace");

    await bench.apply(wildcard("roles-new"));

    await judged.until(() => statesOf("roles-new"), {
      describe: "the new ClusterRole in the report",
      until: (states) => states.length > 0 && states.every((state) => state === "New"),
    });
    await judged.until(() => judged.events("default", "ViolationFound"), {
      describe: "the Event on it, in the namespace default",
      until: (events) => events.some((event) => event.startsWith("Warning ViolationFound ClusterRole/roles-new New: ")),
    });
    const found = { policy: "roles", namespace: "", state: "new" };
    expect(await bench.operator.metric("pawl_violations", found)).toBe((await statesOf("roles-new"))?.length);

    await bench.delete(wildcard("roles-new"));
    await judged.until(() => statesOf("roles-new"), {
      describe: "its end in the report",
      until: (states) => states.length === 0,
    });
  });
});

describe.concurrent("namespaces that come, change and go while everything is scanned", () => {
  test("leave reports only where they are in scope, and nothing is amiss", async () => {
    const label = { team: "busy" };
    const judged = new Judged(bench, "busy");
    const namespaces = Array.from({ length: 12 }, (_, index) => `busy-${index}`);
    await bench.apply(
      policy("busy", { match: { namespaceSelector: { matchLabels: label } }, rules: only("memory-limit") }),
    );
    await judged.untilScanned();

    const scanning = (async () => {
      for (let scan = 0; scan < 6; scan++) await judged.scan();
    })();
    await Promise.all(
      namespaces.map(async (name, index) => {
        await bench.createNamespace(name, index % 2 === 0 ? label : {});
        await bench.create(workload(name));
        await bench.request(
          "PATCH",
          `/api/v1/namespaces/${name}`,
          { metadata: { labels: { team: index % 4 < 2 ? "busy" : null } } },
          { contentType: "application/merge-patch+json" },
        );
        if (index % 3 === 0) await bench.request("DELETE", `/api/v1/namespaces/${name}`);
      }),
    );
    await scanning;

    const inScope = namespaces.filter((_, index) => index % 4 < 2 && index % 3 !== 0);
    for (const name of namespaces)
      await judged.until(async () => ({ rows: await judged.rows(name) }), {
        describe: `the report of ${name} to be ${inScope.includes(name) ? "there" : "gone"}`,
        until: ({ rows }) => (inScope.includes(name) ? rows?.length === 1 : rows === undefined),
      });
    await judged.until(() => judged.status(), {
      describe: "the sum of all reports",
      until: ({ summary }) => summary?.resources === inScope.length && summary.new + summary.known === inScope.length,
    });
    expect(await judged.conditions()).toEqual(["Ready=True InForce"]);
  });

  function workload(namespace: string): Manifest {
    const containers = [{ name: "app", image: "registry.example.com/app:1.0" }];
    return {
      apiVersion: "v1",
      kind: "PodTemplate",
      metadata: { namespace, name: "web" },
      template: { spec: { containers } },
    };
  }
});
