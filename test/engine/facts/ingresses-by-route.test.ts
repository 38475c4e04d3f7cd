import { describe, expect, it } from "vitest";
import { ingressFacts } from "../../../src/engine/facts/ingress.ts";
import { ingressesByRoute, isSameIngress } from "../../../src/engine/facts/ingresses-by-route.ts";
import { InventoryStore } from "../../../src/engine/inventory-store.ts";
import { viewOf } from "../view-of.ts";

const today = "networking.k8s.io/v1";
const old = "extensions/v1beta1";

function ingress(apiVersion: string, namespace: string, name: string, ingressClassName: string, ...paths: string[]) {
  const rules = [{ host: "shop.example.com", http: { paths: paths.map((path) => ({ path })) } }];
  const spec = { ...(ingressClassName === "" ? {} : { ingressClassName }), rules };
  return ingressFacts(viewOf(apiVersion, "Ingress", { metadata: { name, namespace }, spec }));
}

function store(...facts: readonly ReturnType<typeof ingress>[]): InventoryStore {
  const inventory = new InventoryStore();
  for (const one of facts) inventory.upsert(one);
  return inventory;
}

const names = (inventory: InventoryStore, ingressClass: string | undefined, path: string) =>
  ingressesByRoute(inventory)
    .of(ingressClass, { host: "shop.example.com", path })
    .map(({ namespace, name }) => `${namespace}/${name}`);

describe("Ingresses by route", () => {
  const inventory = store(
    ingress(today, "shop", "a", "nginx", "/", "/cart", "/"),
    ingress(today, "bank", "b", "nginx", "/"),
    ingress(today, "shop", "c", "", "/"),
    ingress(old, "shop", "a", "nginx", "/"),
    ingress(old, "lab", "d", "nginx", "/"),
  );

  it("are those of all namespaces and of both groups, each once", () => {
    expect(names(inventory, "nginx", "/")).toEqual(["bank/b", "shop/a", "lab/d"]);
  });

  it("are told apart by path, host and class", () => {
    expect(names(inventory, "nginx", "/cart")).toEqual(["shop/a"]);
    expect(names(inventory, undefined, "/")).toEqual(["shop/c"]);
    expect(names(inventory, "nginx", "/help")).toEqual([]);
    expect(ingressesByRoute(inventory).of("nginx", { host: "", path: "/" })).toEqual([]);
  });

  it("follow what changes", () => {
    const changing = store(ingress(today, "shop", "a", "nginx", "/"));
    expect(names(changing, "nginx", "/")).toEqual(["shop/a"]);
    changing.upsert(ingress(today, "bank", "b", "nginx", "/"));
    changing.remove({ group: "networking.k8s.io", kind: "Ingress", namespace: "shop", name: "a" });
    expect(names(changing, "nginx", "/")).toEqual(["bank/b"]);
  });
});

describe("an Ingress", () => {
  const id = { group: "networking.k8s.io", kind: "Ingress", namespace: "shop", name: "a" };

  it.each([
    [{ ...id, group: "extensions" }, true],
    [{ ...id, namespace: "bank" }, false],
    [{ ...id, name: "b" }, false],
  ])("is %j too: %s", (other, expected) => {
    expect(isSameIngress(id, other)).toBe(expected);
  });

  it.each([
    ["true", 0],
    ["false", 1],
    ["", 1],
  ])("that says %j to being a canary claims %d routes", (canary, count) => {
    const metadata = { name: "x", namespace: "shop", annotations: { "nginx.ingress.kubernetes.io/canary": canary } };
    const spec = { rules: [{ host: "a.example.com", http: { paths: [{ path: "/" }] } }] };
    expect(ingressFacts(viewOf(today, "Ingress", { metadata, spec })).routes).toHaveLength(count);
  });
});
