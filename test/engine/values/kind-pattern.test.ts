import { describe, expect, it } from "vitest";
import { matchesKind } from "../../../src/engine/values/kind-pattern.ts";

describe("a kind pattern", () => {
  it.each([
    ["*", "example.com", "Anything"],
    ["workloads", "apps", "Deployment"],
    ["workloads", "argoproj.io", "Rollout"],
    ["Deployment.apps", "apps", "Deployment"],
    ["*.argoproj.io", "argoproj.io", "Application"],
    ["Pod", "", "Pod"],
    ["Deployment", "apps", "Deployment"],
    ["Deployment", "extensions", "Deployment"],
    ["Rollout", "argoproj.io", "Rollout"],
    ["Ingress", "networking.k8s.io", "Ingress"],
  ])("%s means %s %s", (pattern, group, kind) => {
    expect(matchesKind([pattern], { group, kind })).toBe(true);
  });

  it.each([
    ["workloads", "", "Service"],
    ["workloads", "example.com", "Deployment"],
    ["Deployment.apps", "extensions", "Deployment"],
    ["*.argoproj.io", "sub.argoproj.io", "Application"],
    ["Application", "argoproj.io", "Application"],
    ["Deployment", "example.com", "Deployment"],
  ])("%s does not mean %s %s", (pattern, group, kind) => {
    expect(matchesKind([pattern], { group, kind })).toBe(false);
  });

  it("means nothing when there is none", () => {
    expect(matchesKind([], { group: "", kind: "Pod" })).toBe(false);
  });
});
