import { describe, expect, it } from "vitest";
import type { KubeObject } from "../../../src/engine/resource.ts";
import { type ResourceView, viewResource, whyUnusable } from "../../../src/engine/views/resource-view.ts";

function view(object: KubeObject, options?: { only: "ephemeral" }): ResourceView {
  const made = viewResource(object, options);
  if (made === undefined) throw new Error(whyUnusable(object));
  return made;
}

const pod = (metadata: object, spec: object = {}) => ({ apiVersion: "v1", kind: "Pod", metadata, spec });

describe("the identity of a resource", () => {
  it("is group, kind, namespace and name, whatever the version", () => {
    const object = {
      apiVersion: "apps/v1beta2",
      kind: "Deployment",
      metadata: { name: "checkout", namespace: "shop" },
    };
    expect(view(object)).toMatchObject({
      id: { group: "apps", kind: "Deployment", namespace: "shop", name: "checkout" },
      kindName: "Deployment.apps",
      apiVersion: "apps/v1beta2",
      live: false,
    });
  });

  it("has no group for core kinds and no namespace for cluster-scoped ones", () => {
    const { id, kindName } = view({ apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } });
    expect([id.group, id.namespace, kindName]).toEqual(["", "", "Namespace"]);
  });

  it("is live with a uid", () => {
    expect(view(pod({ name: "a", uid: "1" })).live).toBe(true);
  });

  it("takes the prefix of a manifest that leaves its name to the API server", () => {
    expect(view(pod({ generateName: "import-" })).id.name).toBe("import-*");
  });

  it("has an empty name where a manifest has none: a rule says so", () => {
    expect(view({ apiVersion: "v1", kind: "Pod" }).id.name).toBe("");
  });

  it.each([
    [{ kind: "Pod" }, "apiVersion is missing or no string"],
    [{ apiVersion: 1, kind: "Pod" }, "apiVersion is missing or no string"],
    [{ apiVersion: "a/b/c", kind: "Pod" }, 'apiVersion "a/b/c" is neither a version nor group/version'],
    [{ apiVersion: "/v1", kind: "Pod" }, 'apiVersion "/v1" is neither a version nor group/version'],
    [{ apiVersion: "v1" }, "kind is missing or no string"],
    [{ apiVersion: "v1", kind: "Pod/x" }, 'kind "Pod/x" is no legal kind'],
    [{ apiVersion: "v1", kind: "Pod\n" }, 'kind "Pod\\u000a" is no legal kind'],
    [{ apiVersion: "v1", kind: "Pod", metadata: { uid: "1" } }, "metadata.name is missing or no string"],
  ])("is not to be had from %j", (object, reason) => {
    expect(viewResource(object)).toBeUndefined();
    expect(whyUnusable(object)).toBe(reason);
  });

  it("has no reason to be refused where it is usable", () => {
    expect(whyUnusable(pod({ name: "a" }))).toBeUndefined();
  });
});

describe("labels and annotations", () => {
  it("are the strings among them", () => {
    const { labels, annotations } = view(
      pod({ name: "a", labels: { app: "x", n: 1 }, annotations: { note: "y", no: null } }),
    );
    expect([...labels]).toEqual([["app", "x"]]);
    expect([...annotations]).toEqual([["note", "y"]]);
  });
});

describe("workloads", () => {
  const template = { metadata: { labels: { app: "x" } }, spec: { containers: [{ name: "app" }] } };
  const at = (apiVersion: string, kind: string, fields: object) =>
    view({ apiVersion, kind, metadata: { name: "x" }, ...fields });

  it.each([
    ["v1", "Pod", { spec: template.spec }],
    ["v1", "PodTemplate", { template }],
    ["v1", "ReplicationController", { spec: { template } }],
    ["apps/v1", "Deployment", { spec: { template } }],
    ["extensions/v1beta1", "Deployment", { spec: { template } }],
    ["apps/v1", "ReplicaSet", { spec: { template } }],
    ["apps/v1", "StatefulSet", { spec: { template } }],
    ["apps/v1", "DaemonSet", { spec: { template } }],
    ["batch/v1", "Job", { spec: { template } }],
    ["batch/v1beta1", "CronJob", { spec: { jobTemplate: { spec: { template } } } }],
    ["argoproj.io/v1alpha1", "Rollout", { spec: { template } }],
    ["apps.openshift.io/v1", "DeploymentConfig", { spec: { template } }],
  ])("%s %s have a pod spec", (apiVersion, kind, fields) => {
    const workload = at(apiVersion, kind, fields);
    expect(workload.isWorkload).toBe(true);
    expect(workload.podSpec?.all.map(({ path }) => path)).toEqual(["containers[name=app]"]);
  });

  it("are not those of another group", () => {
    const other = at("example.com/v1", "Deployment", { spec: { template } });
    expect([other.isWorkload, other.isLongRunning, other.podSpec]).toEqual([false, false, undefined]);
  });

  it("have no pod spec where the template is missing, or is another object's", () => {
    expect(at("apps/v1", "Deployment", { spec: {} }).podSpec).toBeUndefined();
    expect(
      at("argoproj.io/v1alpha1", "Rollout", { spec: { template, workloadRef: { name: "x" } } }).podSpec,
    ).toBeUndefined();
  });

  it("run for ever unless they are Jobs, CronJobs, or Pods that end", () => {
    expect(at("apps/v1", "Deployment", {}).isLongRunning).toBe(true);
    expect(at("batch/v1", "Job", {}).isLongRunning).toBe(false);
    expect(at("batch/v1", "CronJob", {}).isLongRunning).toBe(false);
    expect(
      at("apps/v1", "Deployment", { spec: { template: { spec: { restartPolicy: "Never" } } } }).isLongRunning,
    ).toBe(true);
    expect(at("v1", "Pod", { spec: {} }).isLongRunning).toBe(true);
    expect(at("v1", "Pod", { spec: { restartPolicy: "OnFailure" } }).isLongRunning).toBe(false);
  });
});

describe("a view of ephemeral containers only", () => {
  const object = pod(
    { name: "checkout-1" },
    {
      securityContext: { runAsNonRoot: true },
      containers: [{ name: "app" }],
      initContainers: [{ name: "init" }],
      ephemeralContainers: [{ name: "debug" }],
    },
  );

  it("has no other containers, but what they inherit", () => {
    const podSpec = view(object, { only: "ephemeral" }).podSpec;
    expect(podSpec?.all.map(({ name }) => name)).toEqual(["debug"]);
    expect([podSpec?.run, podSpec?.spec]).toEqual([[], []]);
    expect(podSpec?.all[0]?.effectiveFlag("runAsNonRoot")).toBe(true);
  });

  it("covers nothing but them", () => {
    const restricted = view(object, { only: "ephemeral" });
    const paths = [
      "ephemeralContainers[name=debug].image",
      "containers[name=app].image",
      "hostNetwork",
      "metadata.labels",
    ];
    expect(paths.filter((path) => restricted.covers(path))).toEqual(["ephemeralContainers[name=debug].image"]);
    expect(paths.filter((path) => view(object).covers(path))).toEqual(paths);
  });
});

it.each(["v", "1", "a/v1", "a.b/v1", "a-b.c/1"])("takes the API version %s, short as it is", (apiVersion) => {
  expect(viewResource({ apiVersion, kind: "Thing", metadata: { name: "x" } })?.apiVersion).toBe(apiVersion);
});
