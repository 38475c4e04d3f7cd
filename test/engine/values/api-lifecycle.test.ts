import { describe, expect, it } from "vitest";
import { newestRelease } from "../../../src/engine/release.ts";
import { apiLifecycleTable } from "../../../src/engine/values/api-lifecycle.data.ts";
import { apiLifecycle } from "../../../src/engine/values/api-lifecycle.ts";

describe("apiLifecycle", () => {
  it.each([
    ["extensions/v1beta1", "Deployment", 8, 16, "apps/v1"],
    ["networking.k8s.io/v1beta1", "Ingress", 19, 22, "networking.k8s.io/v1"],
    ["policy/v1beta1", "PodSecurityPolicy", 21, 25, undefined],
    ["v1", "Endpoints", 33, undefined, "EndpointSlice discovery.k8s.io/v1"],
  ])("knows when %s %s goes", (apiVersion, kind, deprecated, removed, replacement) => {
    expect(apiLifecycle(apiVersion, kind)).toEqual({ deprecated, removed, replacement });
  });

  it("lets a list follow its kind", () => {
    expect(apiLifecycle("networking.k8s.io/v1beta1", "IngressList")).toEqual(
      apiLifecycle("networking.k8s.io/v1beta1", "Ingress"),
    );
  });

  it.each([
    ["apps/v1", "Deployment"],
    ["example.com/v1beta1", "Ingress"],
    ["example.com/v1beta1", "IngressList"],
    ["networking.k8s.io/v1beta1", "IngressRule"],
    ["", ""],
  ])("knows nothing of %j %j", (apiVersion, kind) => {
    expect(apiLifecycle(apiVersion, kind)).toBeUndefined();
  });

  it("has one well-formed line an API", () => {
    const lines = apiLifecycleTable.trim().split("\n");
    const line = /^[a-z0-9.]*\/?v\d\w* [A-Z]\w+ (\d+|-) (\d+|-) (\S+|-)$/;
    expect(lines.filter((one) => !line.test(one))).toEqual([]);
    const apis = lines.map((one) => one.split(" ", 2).join(" "));
    expect(new Set(apis).size).toBe(apis.length);
  });

  it("reaches to the newest release that the engine knows", () => {
    const minors = apiLifecycleTable
      .trim()
      .split("\n")
      .flatMap((one) => one.split(" ").slice(2, 4))
      .map(Number);
    expect(Math.max(...minors.filter((minor) => !Number.isNaN(minor)))).toBeGreaterThanOrEqual(newestRelease.minor);
  });
});
