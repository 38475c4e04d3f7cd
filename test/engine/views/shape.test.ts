import { describe, expect, it } from "vitest";
import type { KubeObject } from "../../../src/engine/resource.ts";
import { viewResource } from "../../../src/engine/views/resource-view.ts";
import { shape } from "../../../src/engine/views/shape.ts";

function shapeOf(object: KubeObject): string {
  const view = viewResource(object);
  if (view === undefined) throw new Error("the object says nothing");
  return shape(view);
}

const deployment = (name: string, images: readonly string[], replicas = 1) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name },
  spec: { replicas, template: { spec: { containers: images.map((image, at) => ({ name: `c${at}`, image })) } } },
});

const configMap = (name: string, data: object) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, uid: name },
  data,
});

describe("the shape of a workload", () => {
  it("is its images without their tags, in any order", () => {
    expect(shapeOf(deployment("a", ["nginx:1", "redis:7"]))).toBe(
      shapeOf(deployment("b", ["docker.io/redis:8", "nginx"], 9)),
    );
  });

  it("knows an image that cannot be read by its text", () => {
    expect(shapeOf(deployment("a", ["not an image"]))).toBe(shapeOf(deployment("b", ["not an image"], 9)));
    expect(shapeOf(deployment("a", ["not an image"]))).not.toBe(shapeOf(deployment("a", ["no image either"])));
  });

  it("is that of the containers with an image", () => {
    const containers = [{ name: "c0" }, { name: "c1", image: "nginx:1" }];
    const object = { ...deployment("a", []), spec: { template: { spec: { containers } } } };
    expect(shapeOf(object)).toBe(shapeOf(deployment("b", ["nginx:2"])));
  });

  it("changes with the images", () => {
    expect(shapeOf(deployment("a", ["nginx:1"]))).not.toBe(shapeOf(deployment("a", ["redis:1"])));
    expect(shapeOf(deployment("a", ["nginx:1"]))).not.toBe(shapeOf(deployment("a", ["nginx:1", "redis:1"])));
  });

  it("is its spec where it runs no image", () => {
    const rollout = (name: string, target: string) => ({
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Rollout",
      metadata: { name },
      spec: { workloadRef: { name: target } },
    });
    expect(shapeOf(rollout("a", "x"))).toBe(shapeOf(rollout("b", "x")));
    expect(shapeOf(rollout("a", "x"))).not.toBe(shapeOf(rollout("a", "y")));
  });
});

describe("the shape of another object", () => {
  it("is all but its identity where it has no spec", () => {
    expect(shapeOf(configMap("a", { x: "1", y: "2" }))).toBe(shapeOf(configMap("b", { y: "2", x: "1" })));
    expect(shapeOf(configMap("a", { x: "1" }))).not.toBe(shapeOf(configMap("a", { x: "2" })));
  });

  it("is the same in another version of its API, under another status", () => {
    const role = (apiVersion: string, kind: string, status: string) =>
      shapeOf({ apiVersion, kind, metadata: { name: "a" }, status, rules: [{ verbs: ["get"] }] });
    expect(role("rbac.authorization.k8s.io/v1", "Role", "old")).toBe(
      role("rbac.authorization.k8s.io/v1beta1", "ClusterRole", "new"),
    );
  });

  it("is its spec and nothing beside it", () => {
    const service = (extra: object) =>
      shapeOf({ apiVersion: "v1", kind: "Service", metadata: { name: "a" }, spec: { type: "ClusterIP" }, ...extra });
    expect(service({ note: "x" })).toBe(service({ note: "y" }));
  });

  it("is its spec, whatever its status", () => {
    const service = (status: object) => ({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "a" },
      spec: { type: "ClusterIP" },
      status,
    });
    expect(shapeOf(service({}))).toBe(shapeOf(service({ loadBalancer: {} })));
  });
});
