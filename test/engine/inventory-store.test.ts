import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Facts } from "../../src/engine/facts/index.ts";
import { InventoryStore } from "../../src/engine/inventory-store.ts";
import type { ResourceId } from "../../src/engine/resource.ts";

function id(kind: string, name: string, namespace = "shop", group = ""): ResourceId {
  return { group, kind, namespace, name };
}

function workload(kind: string, name: string, namespace = "shop", replicas = 1): Facts {
  return { id: id(kind, name, namespace, kind === "Pod" ? "" : "apps"), podLabels: new Map(), replicas } as Facts;
}

function storeOf(...facts: readonly Facts[]): InventoryStore {
  const store = new InventoryStore();
  for (const one of facts) store.upsert(one);
  return store;
}

const names = (facts: readonly Facts[]) => facts.map((one) => `${one.id.kind}/${one.id.name}`);

describe("the inventory", () => {
  it("lists a kind of a namespace by name", () => {
    const store = storeOf(
      { id: id("ServiceAccount", "b") },
      { id: id("ServiceAccount", "a") },
      { id: id("ServiceAccount", "c", "bank") },
    );
    expect(names(store.list("ServiceAccount", "shop"))).toEqual(["ServiceAccount/a", "ServiceAccount/b"]);
  });

  it("lists nothing where there is nothing", () => {
    expect(new InventoryStore().list("ServiceAccount", "shop")).toEqual([]);
  });

  it("finds one by name", () => {
    expect(storeOf({ id: id("ServiceAccount", "a") }).get("ServiceAccount", "shop", "a")?.id.name).toBe("a");
  });

  it("does not find what is in another namespace", () => {
    expect(storeOf({ id: id("ServiceAccount", "a", "bank") }).get("ServiceAccount", "shop", "a")).toBeUndefined();
  });

  it("lists all workloads of a namespace by name, then kind", () => {
    const store = storeOf(
      workload("StatefulSet", "web"),
      workload("Deployment", "web"),
      workload("Pod", "a"),
      workload("Pod", "b", "bank"),
    );
    expect(names(store.workloads("shop"))).toEqual(["Pod/a", "Deployment/web", "StatefulSet/web"]);
  });

  it("finds a workload by its identity", () => {
    const store = storeOf(workload("StatefulSet", "web"), workload("Deployment", "web"));
    expect(store.workload(id("Deployment", "web", "shop", "apps"))?.id.kind).toBe("Deployment");
  });

  it("does not take a workload for one of another group", () => {
    expect(
      storeOf(workload("Deployment", "web")).workload(id("Deployment", "web", "shop", "example.com")),
    ).toBeUndefined();
  });

  it("replaces the facts of the same object", () => {
    const store = storeOf(workload("Deployment", "web", "shop", 1));
    store.upsert(workload("Deployment", "web", "shop", 5));
    expect(store.workloads("shop").map(({ replicas }) => replicas)).toEqual([5]);
  });

  it("shows a change to who has asked before", () => {
    const store = storeOf({ id: id("ServiceAccount", "a") });
    store.list("ServiceAccount", "shop");
    store.upsert({ id: id("ServiceAccount", "b") });
    expect(names(store.list("ServiceAccount", "shop"))).toEqual(["ServiceAccount/a", "ServiceAccount/b"]);
  });

  it("forgets what is removed", () => {
    const store = storeOf({ id: id("ServiceAccount", "a") });
    store.remove(id("ServiceAccount", "a"));
    expect([store.list("ServiceAccount", "shop"), store.get("ServiceAccount", "shop", "a")]).toEqual([[], undefined]);
  });

  it("does not mind when something unknown is removed", () => {
    const store = storeOf({ id: id("ServiceAccount", "a") });
    store.remove(id("ServiceAccount", "b"));
    expect(names(store.list("ServiceAccount", "shop"))).toEqual(["ServiceAccount/a"]);
  });

  it("lists a kind of all namespaces by namespace, then name", () => {
    const store = storeOf(
      { id: id("ServiceAccount", "a") },
      { id: id("ServiceAccount", "b", "bank") },
      { id: id("ServiceAccount", "a", "bank") },
      workload("Pod", "a", "bank"),
    );
    const places = store.all("ServiceAccount").map((one) => `${one.id.namespace}/${one.id.name}`);
    expect(places).toEqual(["bank/a", "bank/b", "shop/a"]);
    expect(store.all("Service")).toEqual([]);
  });

  it("lists the workloads of all namespaces", () => {
    const store = storeOf(workload("Pod", "b"), workload("Deployment", "a"), workload("Pod", "c", "bank"));
    expect(names(store.allWorkloads())).toEqual(["Pod/c", "Deployment/a", "Pod/b"]);
    expect(new InventoryStore().allWorkloads()).toEqual([]);
  });

  it("hands out the same list of all namespaces until something of the kind changes", () => {
    const store = storeOf({ id: id("ServiceAccount", "a") });
    const before = store.all("ServiceAccount");
    store.upsert(workload("Pod", "a"));
    expect(store.all("ServiceAccount")).toBe(before);
    store.upsert({ id: id("ServiceAccount", "b") });
    expect(names(store.all("ServiceAccount"))).toEqual(["ServiceAccount/a", "ServiceAccount/b"]);
    store.remove(id("ServiceAccount", "a"));
    expect(names(store.all("ServiceAccount"))).toEqual(["ServiceAccount/b"]);
  });

  it("is the same after any history that ends in the same facts", () => {
    const change = fc.record({
      name: fc.constantFrom("a", "b", "c"),
      kind: fc.constantFrom("Deployment", "Pod"),
      keep: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
        const store = new InventoryStore();
        const expected = new Map<string, Facts>();
        for (const { name, kind, keep } of changes) {
          const facts = workload(kind, name);
          if (keep) store.upsert(facts);
          else store.remove(facts.id);
          if (keep) expected.set(`${kind}/${name}`, facts);
          else expected.delete(`${kind}/${name}`);
          store.workloads("shop");
        }
        expect(names(store.workloads("shop"))).toEqual(names(storeOf(...expected.values()).workloads("shop")));
      }),
    );
  });
});
