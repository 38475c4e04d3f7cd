import { describe, expect, it } from "vitest";
import { evaluateResource } from "../../../src/engine/evaluate-resource.ts";
import { ownerLookup } from "../../../src/engine/folding.ts";
import { resolveOwnership } from "../../../src/engine/ownership/resolve-ownership.ts";
import type { KubeObject } from "../../../src/engine/resource.ts";
import { context, deployment, live, pod, podSpec, policyOf } from "../samples.ts";

const policy = policyOf({});

/** Owner and source of the resource that the first objects are, with all objects known. */
function resolved(members: readonly KubeObject[], ...others: readonly KubeObject[]) {
  const judged = [...members, ...others].map((object) => {
    const one = evaluateResource(object, [policy], context);
    if (one === undefined) throw new Error("not an object");
    return one;
  });
  return resolveOwnership(judged.slice(0, members.length), ownerLookup(judged));
}

const helm = { "meta.helm.sh/release-name": "checkout", "meta.helm.sh/release-namespace": "shop" };
const byFleet = ["example.com/v1", "Fleet", "all"] as const;
const byPark = ["example.com/v1", "Park", "park"] as const;
const fleet = (labels: Readonly<Record<string, string>>, controller?: typeof byPark) =>
  live("example.com/v1", "Fleet", "all", { labels, ...(controller === undefined ? {} : { controller }) });
const park = live("example.com/v1", "Park", "park", {
  namespace: "",
  labels: { team: "parks", "argocd.argoproj.io/instance": "parks-app" },
});
const shop = live("v1", "Namespace", "shop", {
  namespace: "",
  labels: { team: "shop", "helm.sh/chart": "shop-1.0.0" },
});

describe("owner and source of a resource", () => {
  it("are what it says itself", () => {
    expect(resolved([deployment("web", { labels: { team: "payments" }, annotations: helm })], shop)).toEqual({
      owner: "payments",
      source: "helm:checkout",
    });
  });

  it("are what its controller says, where it says nothing itself", () => {
    const web = deployment("web", { controller: byFleet });
    expect(resolved([web], fleet({ team: "fleets", "helm.sh/chart": "fleet-1.0.0" }), shop)).toEqual({
      owner: "fleets",
      source: "helm:fleet",
    });
  });

  it("are looked for apart from each other, up to the topmost controller", () => {
    const web = deployment("web", { controller: byFleet, labels: { owner: "payments" } });
    expect(resolved([web], fleet({}, byPark), park)).toEqual({ owner: "payments", source: "argocd:parks-app" });
  });

  it("take any key of the object before the first key of its controller", () => {
    const web = deployment("web", { controller: byFleet, labels: { owner: "payments" } });
    expect(resolved([web], fleet({ team: "fleets" })).owner).toBe("payments");
  });

  it("fall back to the namespace for the owner alone", () => {
    expect(resolved([deployment("web")], shop)).toEqual({ owner: "shop" });
    expect(resolved([deployment("web", { namespace: "bank" })], shop)).toEqual({});
  });

  it("of a Namespace are what it says itself", () => {
    expect(resolved([shop])).toEqual({ owner: "shop", source: "helm:shop" });
  });

  it("of a resource without a namespace are not looked for in any", () => {
    expect(resolved([live("rbac.authorization.k8s.io/v1", "ClusterRole", "shop", { namespace: "" })], shop)).toEqual(
      {},
    );
  });

  it("go by the namespace where a controller was not found, and say that it may know better", () => {
    expect(resolved([deployment("web", { controller: byFleet })], shop)).toEqual({
      owner: "shop",
      unknownController: { kind: "Fleet.example.com", name: "all" },
    });
  });

  it("rest on no controller where the resource says both itself", () => {
    const web = deployment("web", { controller: byFleet, labels: { team: "payments" }, annotations: helm });
    expect(resolved([web])).toEqual({ owner: "payments", source: "helm:checkout" });
  });

  it("of a family of generated names are those of the first sibling that says something", () => {
    const run = (name: string, labels: Readonly<Record<string, string>>) => pod(name, { generateName: "run-", labels });
    expect(resolved([run("run-a", {}), run("run-b", { team: "b" }), run("run-c", { team: "c" })])).toEqual({
      owner: "b",
    });
  });

  it("are those of the top controller, not of a Pod that somebody debugs", () => {
    const debugging = podSpec([{ name: "app" }], { ephemeralContainers: [{ name: "debug" }] });
    const debugged = pod(
      "web-1-x",
      { controller: ["apps/v1", "ReplicaSet", "web-1"], labels: { team: "pods" } },
      debugging,
    );
    const replicaSet = live("apps/v1", "ReplicaSet", "web-1", { controller: ["apps/v1", "Deployment", "web"] });
    expect(resolved([deployment("web", { labels: { owner: "payments" } }), debugged], replicaSet)).toEqual({
      owner: "payments",
    });
  });

  it("are those of the debugged Pod as long as its top controller is not known", () => {
    const debugging = podSpec([{ name: "app" }], { ephemeralContainers: [{ name: "debug" }] });
    const debugged = pod(
      "web-1-x",
      { controller: ["apps/v1", "ReplicaSet", "web-1"], labels: { team: "pods" } },
      debugging,
    );
    expect(resolved([debugged])).toMatchObject({ owner: "pods" });
  });

  it("end where controllers point at each other", () => {
    const a = live("example.com/v1", "Park", "a", { controller: ["example.com/v1", "Park", "b"] });
    const b = live("example.com/v1", "Park", "b", { controller: ["example.com/v1", "Park", "a"] });
    expect(resolved([a], b)).toEqual({});
  });

  it("share one record among all that say the same, so that memory does not follow the cluster", () => {
    const [one, other] = ["a", "b"].map((name) =>
      evaluateResource(deployment(name, { labels: { team: "payments" }, annotations: helm }), [policy], context),
    );
    expect(one?.ownership).toBeDefined();
    expect(one?.ownership).toBe(other?.ownership);
  });

  it("leave nothing on the record of an object that says nothing, or for which its controller answers", () => {
    const folded = pod("web-1-x", { controller: ["apps/v1", "ReplicaSet", "web-1"], labels: { team: "pods" } });
    for (const object of [deployment("web"), folded])
      expect(evaluateResource(object, [policy], context)).not.toHaveProperty("ownership");
  });
});
