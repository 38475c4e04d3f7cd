import { describe, expect, it } from "vitest";
import { isolatedDirections } from "../../../src/engine/views/network-policy.ts";
import { viewOf } from "../view-of.ts";

describe("the directions that a NetworkPolicy closes", () => {
  it.each([
    [{}, ["Ingress"]],
    [undefined, ["Ingress"]],
    [{ policyTypes: [] }, ["Ingress"]],
    [{ policyTypes: null, egress: [{}] }, ["Ingress", "Egress"]],
    [{ egress: [] }, ["Ingress"]],
    [{ policyTypes: ["Egress"] }, ["Egress"]],
    [{ policyTypes: ["Egress", "Ingress"] }, ["Ingress", "Egress"]],
    [{ policyTypes: ["Ingress"], egress: [{}] }, ["Ingress"]],
  ])("by %j are %j", (spec, expected) => {
    expect(isolatedDirections(viewOf("networking.k8s.io/v1", "NetworkPolicy", { spec }))).toEqual(expected);
  });
});
