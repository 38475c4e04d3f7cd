import { describe, expect, test } from "vitest";
import { total } from "../../../tools/demo/metrics.ts";
import { waitFor } from "../cluster.ts";
import { useBench } from "./bench.ts";
import { Judged } from "./judged.ts";
import { container, deployment, type Manifest, only, overriding, policy } from "./objects.ts";
import { setScene } from "./scene.ts";

const bench = useBench({ flags: ["--owner-keys=team,annotation:example.com/owner"], calm: true });

interface Marks {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly controller?: Manifest;
}

/** A Deployment without a memory limit. */
async function marked(
  name: string,
  namespace: string,
  { labels, annotations = {}, controller }: Marks = {},
): Promise<Manifest> {
  const object = deployment({ name, namespace, ...(labels === undefined ? {} : { labels }) });
  const { apiVersion = "", kind = "", metadata } = controller ?? {};
  const ownerReferences =
    metadata === undefined ? [] : [{ apiVersion, kind, name: metadata.name, uid: metadata.uid, controller: true }];
  return await bench.apply({ ...object, metadata: { ...object.metadata, annotations, ownerReferences } });
}

const labelNamespace = (name: string, labels: Readonly<Record<string, string | null>>) =>
  bench.request(
    "PATCH",
    `/api/v1/namespaces/${name}`,
    { metadata: { labels } },
    {
      contentType: "application/merge-patch+json",
    },
  );

describe("the owner in a report", () => {
  test("is that of the object, of its controller, of its namespace, or nobody", async () => {
    const { namespace, judged } = await setScene(bench, { prefix: "owned", before: () => [] });
    const parent = await marked("parent", namespace, { annotations: { "example.com/owner": "parents " } });
    await marked("web", namespace, { labels: { team: "payments" }, annotations: { "example.com/owner": "ignored" } });
    await marked("child", namespace, { controller: parent });
    await marked("grown-up", namespace, { controller: parent, labels: { team: "adults" } });
    await marked("orphan", namespace);
    const owned = [
      "Deployment.apps/child parents -",
      "Deployment.apps/grown-up adults -",
      "Deployment.apps/parent parents -",
      "Deployment.apps/web payments -",
    ];
    await judged.untilOwners(namespace, [...owned, "Deployment.apps/orphan - -"]);

    await labelNamespace(namespace, { team: "everybody" });
    await judged.untilOwners(namespace, [...owned, "Deployment.apps/orphan everybody -"]);
  });

  test("follows labels that change, on object, controller and namespace, without a transition or an Event", async () => {
    const { namespace, judged } = await setScene(bench, {
      prefix: "relabelled",
      before: (within) => [deployment({ name: "web", namespace: within })],
    });
    const parent = await marked("parent", namespace);
    await marked("child", namespace, { controller: parent });
    await judged.untilRows(namespace, [
      "Deployment.apps/child memory-limit containers[name=app].resources.limits.memory New",
      "Deployment.apps/parent memory-limit containers[name=app].resources.limits.memory New",
      "Deployment.apps/web memory-limit containers[name=app].resources.limits.memory Known",
    ]);
    const told = ["child", "parent"].map((name) => expect.stringContaining(`Deployment/${name} New: memory-limit at`));
    await judged.untilEvents(namespace, told);
    const changes = await judged.changes(namespace);

    await labelNamespace(namespace, { team: "first" });
    await judged.untilOwners(namespace, [
      "Deployment.apps/child first -",
      "Deployment.apps/parent first -",
      "Deployment.apps/web first -",
    ]);
    await labelNamespace(namespace, { team: "second" });
    await marked("parent", namespace, { labels: { team: "parents" } });
    await judged.untilOwners(namespace, [
      "Deployment.apps/child parents -",
      "Deployment.apps/parent parents -",
      "Deployment.apps/web second -",
    ]);
    await labelNamespace(namespace, { team: null });
    await marked("parent", namespace);
    await judged.untilOwners(namespace, [
      "Deployment.apps/child - -",
      "Deployment.apps/parent - -",
      "Deployment.apps/web - -",
    ]);
    expect(await judged.changes(namespace)).toEqual(changes);
    expect(await judged.events(namespace)).toEqual(told);
  });
});

test("the source in a report is what Argo CD, Flux and Helm have left on the object, the outermost first", async () => {
  const { namespace, judged } = await setScene(bench, { prefix: "sourced", before: () => [] });
  const helm = { "meta.helm.sh/release-name": "checkout", "meta.helm.sh/release-namespace": namespace };
  const chart = { "helm.sh/chart": "web-1.2.3", "app.kubernetes.io/managed-by": "Helm" };
  const flux = (domain: string, name: string) => ({
    [`${domain}.toolkit.fluxcd.io/name`]: name,
    [`${domain}.toolkit.fluxcd.io/namespace`]: "flux-system",
  });
  const tracked = (name: string) => ({
    "argocd.argoproj.io/tracking-id": `shop:apps/Deployment:${namespace}/${name}`,
  });

  await marked("a-tracked", namespace, { labels: chart, annotations: tracked("a-tracked") });
  await marked("b-copied", namespace, { annotations: tracked("a-tracked") });
  await marked("c-labelled", namespace, { labels: { "argocd.argoproj.io/instance": "shop" } });
  await marked("d-kustomized", namespace, { labels: flux("kustomize", "apps") });
  await marked("e-released", namespace, { labels: { ...chart, ...flux("helm", "web") }, annotations: helm });
  await marked("f-installed", namespace, { labels: chart, annotations: helm });
  await marked("g-rendered", namespace, { labels: chart });
  await marked("h-applied", namespace);
  await judged.untilOwners(namespace, [
    "Deployment.apps/a-tracked - argocd:shop",
    "Deployment.apps/b-copied - -",
    "Deployment.apps/c-labelled - argocd:shop",
    "Deployment.apps/d-kustomized - flux:kustomization/flux-system/apps",
    "Deployment.apps/e-released - flux:helmrelease/flux-system/web",
    "Deployment.apps/f-installed - helm:checkout",
    "Deployment.apps/g-rendered - helm:web",
    "Deployment.apps/h-applied - -",
  ]);
});

test("what has no owner and no source says nothing of either, and a clean resource is not there", async () => {
  const { namespace, judged } = await setScene(bench, { prefix: "silent", before: () => [] });
  await bench.apply(
    deployment({
      name: "clean",
      namespace,
      labels: { team: "payments" },
      containers: [container("app", { memory: "1Gi" })],
    }),
  );
  await marked("web", namespace);
  await judged.untilCounts(namespace, { new: 1 });
  const { violating } = (await judged.report(namespace)) ?? {};
  expect(violating?.map((resource) => Object.keys(resource).sort())).toEqual([["ref", "rows"]]);
});

test("the metric counts a violation of a team once, however many policies see it, with the highest severity", async () => {
  const namespace = await bench.namespace("counted");
  const [one, other] = ["low", "critical"].map((severity) => new Judged(bench, `${namespace}-${severity}`));
  if (one === undefined || other === undefined) throw new Error("there are two");
  const match = { namespaces: { include: [namespace] } };
  const team = `${namespace}-team`;
  const counted = async () => {
    const samples = await bench.operator.metrics();
    return Object.fromEntries(
      ["low", "high", "critical"].map((severity) => [
        severity,
        ["new", "known"].map((state) => total(samples, "pawl_owner_violations", { owner: team, severity, state })),
      ]),
    );
  };
  const untilCounted = (wanted: Awaited<ReturnType<typeof counted>>) =>
    waitFor(
      async () => {
        expect(await counted()).toEqual(wanted);
        return true;
      },
      { describe: `${JSON.stringify(wanted)} of ${team}` },
    );
  await marked("web", namespace, { labels: { team } });
  await bench.apply(policy(one.policy, { match, rules: overriding({ id: "memory-limit", severity: "Low" }) }));
  await one.untilScanned();
  await untilCounted({ low: [0, 1], high: [0, 0], critical: [0, 0] });

  await marked("api", namespace, { labels: { team } });
  await one.untilCounts(namespace, { new: 1, known: 1 });
  await bench.apply(
    policy(other.policy, {
      match,
      rules: overriding({ id: "memory-limit", severity: "Critical" }, { id: "cpu-request", severity: "High" }),
    }),
  );
  await other.untilScanned();
  // What both see counts as critical, and as New where it is New to one of them.
  await untilCounted({ low: [0, 0], high: [0, 2], critical: [1, 1] });

  await bench.request("DELETE", other.path);
  await untilCounted({ low: [1, 1], high: [0, 0], critical: [0, 0] });
  await marked("web", namespace);
  await untilCounted({ low: [1, 0], high: [0, 0], critical: [0, 0] });
});

test("owners and sources are the same after a restart, and follow the keys that the operator is given", async () => {
  const { namespace, judged } = await setScene(bench, {
    prefix: "rekeyed",
    before: () => [],
    rules: only("memory-limit"),
  });
  await marked("web", namespace, { labels: { team: "payments", "helm.sh/chart": "web-1.2.3" } });
  const owners = ["Deployment.apps/web payments helm:web"];
  await judged.untilOwners(namespace, owners);
  const { changedAt } = (await judged.report(namespace)) ?? {};

  await bench.restart("SIGTERM");
  await judged.scan();
  expect(await judged.owners(namespace)).toEqual(owners);
  expect((await judged.report(namespace))?.changedAt).toBe(changedAt);

  await bench.operator.stop();
  const rekeyed = await bench.startOperator(["--owner-keys=label:app.kubernetes.io/part-of"]);
  await rekeyed.leads();
  await judged.untilOwners(namespace, ["Deployment.apps/web - helm:web"]);
  await rekeyed.stop();
});
