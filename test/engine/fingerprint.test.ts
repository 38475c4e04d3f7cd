import { describe, expect, it } from "vitest";
import { fingerprint, fingerprintHash } from "../../src/engine/fingerprint.ts";

const checkout = { group: "apps", kind: "Deployment", namespace: "shop", name: "checkout" };
const parts = { rule: "memory-limit", resource: checkout, path: "containers[name=app].resources.limits.memory" };

describe("a fingerprint", () => {
  it("reads as rule, namespace, resource and path", () => {
    expect(fingerprint(parts)).toBe(
      "memory-limit shop Deployment.apps/checkout containers[name=app].resources.limits.memory",
    );
  });

  it("ends in the value class where the rule gives one", () => {
    expect(fingerprint({ ...parts, class: "docker.io/library/nginx" })).toMatch(/ docker\.io\/library\/nginx$/);
  });

  it("has a dash for the namespace of a cluster-scoped resource", () => {
    const role = { group: "rbac.authorization.k8s.io", kind: "ClusterRole", namespace: "", name: "admin" };
    expect(fingerprint({ rule: "no-wildcard", resource: role, path: "rules" })).toBe(
      "no-wildcard - ClusterRole.rbac.authorization.k8s.io/admin rules",
    );
  });

  it("has a hash that tells how it was made, and stays the same for ever", () => {
    expect(fingerprintHash(parts)).toBe("v1-3270f8c1379fe9b1");
  });

  it("hashes apart what only reads alike", () => {
    const spaced = { ...parts, resource: { ...checkout, name: "a b" }, path: "c" };
    const shifted = { ...parts, resource: { ...checkout, name: "a" }, path: "b c" };
    expect(fingerprint(spaced)).toBe(fingerprint(shifted));
    expect(fingerprintHash(spaced)).not.toBe(fingerprintHash(shifted));
  });
});
