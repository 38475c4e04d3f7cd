import { describe, expect, it } from "vitest";
import type { Isolation } from "../../../src/engine/facts/network-policy.ts";
import { ciliumPolicyFacts, isForAllPods, networkPolicyFacts } from "../../../src/engine/facts/network-policy.ts";
import { viewOf } from "../view-of.ts";

/** Selector and directions in one line: those in which nothing is let through stand in brackets. */
function text(one: Isolation): string {
  const labels = [...one.selector.labels].map(([key, value]) => `${key}=${value}`);
  const keys = one.selector.expressions.map(({ key }) => key);
  const shown = one.directions.map((direction) => (one.closed.includes(direction) ? `(${direction})` : direction));
  return [...labels, ...keys, "|", ...shown].join(" ");
}

describe("the facts of a NetworkPolicy", () => {
  const read = (spec: unknown) =>
    networkPolicyFacts(viewOf("networking.k8s.io/v1", "NetworkPolicy", { spec })).isolations.map(text);

  it.each([
    [{ podSelector: { matchLabels: { app: "web" } } }, "app=web | (Ingress)"],
    [{ podSelector: {}, ingress: [{}] }, "| Ingress"],
    [{ podSelector: {}, ingress: [] }, "| (Ingress)"],
    [{ podSelector: {}, egress: [{ to: [] }] }, "| (Ingress) Egress"],
    [{ podSelector: {}, policyTypes: ["Ingress", "Egress"], ingress: [{}] }, "| Ingress (Egress)"],
    [{ podSelector: {}, policyTypes: ["Egress"] }, "| (Egress)"],
  ])("of %j are: %s", (spec, expected) => {
    expect(read(spec)).toEqual([expected]);
  });

  it.each([[{}], [{ podSelector: null }], [{ podSelector: "all" }], [undefined]])(
    "take a missing selector for the empty one: %j",
    (spec) => {
      const { isolations } = networkPolicyFacts(viewOf("networking.k8s.io/v1", "NetworkPolicy", { spec }));
      expect(isolations.map(isForAllPods)).toEqual([true]);
    },
  );

  it("tell one for some Pods from one for all", () => {
    const some = { podSelector: { matchExpressions: [{ key: "app", operator: "Exists" }] } };
    const { isolations } = networkPolicyFacts(viewOf("networking.k8s.io/v1", "NetworkPolicy", { spec: some }));
    expect(isolations.map(isForAllPods)).toEqual([false]);
  });
});

describe("the facts of a policy of Cilium", () => {
  const read = (fields: object) =>
    ciliumPolicyFacts(viewOf("cilium.io/v2", "CiliumNetworkPolicy", { ...fields })).isolations.map(text);
  const all = { endpointSelector: {} };

  it.each([
    [{ ...all, ingress: [{}] }, "| (Ingress)"],
    [{ ...all, ingress: [{}, { fromEndpoints: null }] }, "| (Ingress)"],
    [{ ...all, ingress: [{}, { fromEndpoints: [] }] }, "| Ingress"],
    [{ ...all, ingress: [{ toPorts: [] }], egress: [{}] }, "| Ingress (Egress)"],
    [{ ...all, ingressDeny: [{ fromEntities: ["world"] }] }, "| (Ingress)"],
    [{ ...all, egressDeny: [{}], egress: [{ toEntities: ["all"] }] }, "| Egress"],
    [{ ...all, ingress: [], egress: null }, "|"],
    [all, "|"],
  ])("with the spec %j are: %s", (spec, expected) => {
    expect(read({ spec })).toEqual([expected]);
  });

  it("are one isolation for each spec that selects Pods", () => {
    const specs = [{ endpointSelector: { matchLabels: { app: "b" } } }, { nodeSelector: {} }, "x"];
    expect(read({ spec: { endpointSelector: { matchLabels: { app: "a" } } }, specs })).toEqual(["app=a |", "app=b |"]);
    expect(read({ spec: { nodeSelector: {}, ingress: [{}] } })).toEqual([]);
    expect(read({})).toEqual([]);
  });

  it("drop where a label comes from", () => {
    const endpointSelector = {
      matchLabels: { "k8s:app": "web", "any:tier": "front", "reserved:host": "", "x.k8s:app": "y" },
      matchExpressions: [{ key: "k8s:env", operator: "Exists" }],
    };
    expect(read({ spec: { endpointSelector } })).toEqual(["app=web tier=front reserved:host= x.k8s:app=y env |"]);
  });
});
