import { describe, expect, it } from "vitest";
import { isolationsIn, isolationsOf } from "../../../src/engine/facts/isolation.ts";
import { ciliumPolicyFacts, networkPolicyFacts } from "../../../src/engine/facts/network-policy.ts";
import { InventoryStore } from "../../../src/engine/inventory-store.ts";
import { viewOf } from "../view-of.ts";

function policy(name: string, namespace: string, spec: object) {
  const metadata = { name, namespace };
  return networkPolicyFacts(viewOf("networking.k8s.io/v1", "NetworkPolicy", { metadata, spec }));
}

function cilium(kind: string, name: string, namespace: string, matchLabels: object) {
  const spec = { endpointSelector: { matchLabels }, ingress: [{}] };
  const metadata = { name, ...(namespace === "" ? {} : { namespace }) };
  return ciliumPolicyFacts(viewOf("cilium.io/v2", kind, { metadata, spec }));
}

function inventoryOf(...facts: readonly ReturnType<typeof policy>[]): InventoryStore {
  const store = new InventoryStore();
  for (const one of facts) store.upsert(one);
  return store;
}

const web = { podLabels: new Map([["app", "web"]]), fromTemplate: true };

describe("the isolations of a namespace", () => {
  it("are those of its own policies and of those for the whole cluster", () => {
    const inventory = inventoryOf(
      policy("a", "shop", {}),
      policy("b", "bank", {}),
      cilium("CiliumNetworkPolicy", "c", "shop", {}),
      cilium("CiliumNetworkPolicy", "d", "bank", {}),
      cilium("CiliumClusterwideNetworkPolicy", "e", "", {}),
    );
    expect(isolationsIn("shop", inventory)).toHaveLength(3);
    expect(isolationsOf(web, "shop", inventory)).toHaveLength(3);
    expect(isolationsIn("lab", inventory)).toHaveLength(1);
  });
});

describe("the isolations of Pods", () => {
  it("are those that select their labels", () => {
    const podSelector = { matchLabels: { app: "web" } };
    const inventory = inventoryOf(
      policy("a", "shop", { podSelector }),
      policy("b", "shop", { podSelector: { matchLabels: { app: "db" } } }),
      cilium("CiliumNetworkPolicy", "c", "shop", { "k8s:app": "web" }),
      cilium("CiliumNetworkPolicy", "d", "shop", { "k8s:app": "db" }),
    );
    expect(isolationsOf(web, "shop", inventory)).toHaveLength(2);
  });

  it("are selected by the namespace that Cilium knows of each Pod", () => {
    const named = { "k8s:io.kubernetes.pod.namespace": "shop" };
    const inventory = inventoryOf(cilium("CiliumClusterwideNetworkPolicy", "a", "", named));
    expect(isolationsOf(web, "shop", inventory)).toHaveLength(1);
    expect(isolationsOf(web, "bank", inventory)).toEqual([]);
  });

  it("know that label from Cilium's policies alone", () => {
    const podSelector = { matchLabels: { "io.kubernetes.pod.namespace": "shop" } };
    const inventory = inventoryOf(
      policy("a", "shop", { podSelector }),
      cilium("CiliumNetworkPolicy", "b", "shop", { app: "db" }),
    );
    expect(isolationsOf(web, "shop", inventory)).toEqual([]);
  });

  it("are none where the labels are not known", () => {
    const inventory = inventoryOf(policy("a", "shop", {}), cilium("CiliumNetworkPolicy", "b", "shop", {}));
    expect(isolationsOf({ podLabels: undefined, fromTemplate: true }, "shop", inventory)).toEqual([]);
  });
});
