import { describe, expect, test } from "vitest";
import { evaluateResource } from "../../src/engine/evaluate-resource.ts";
import type { Judged } from "../../src/engine/judged.ts";
import type { KubeObject } from "../../src/engine/resource.ts";
import { ClusterState } from "../../src/operator/cluster-state.ts";
import { borrows } from "../engine/sample-rules.ts";
import { context, deployment, live, pod, podSpec, policyOf, serviceAccount } from "../engine/samples.ts";

const limits = policyOf({ rules: { packs: ["recommended"] } }, { name: "limits" });
const accounts = policyOf({ rules: { packs: ["rbac"] } }, { name: "accounts" });

/** Reads the labels of workloads. */
const services = policyOf({ rules: { packs: ["network"] } }, { name: "services" });

function judged(object: KubeObject, policies = [limits, accounts]): Judged {
  const result = evaluateResource(object, policies, context);
  if (result === undefined) throw new Error("not an object");
  return result;
}

const limited = podSpec([{ name: "app", memory: "64Mi" }]);
const template = { template: { spec: podSpec([{ name: "app" }]) } };

function replicaSet(name: string, owner?: string): KubeObject {
  const controller = owner === undefined ? {} : { controller: ["apps/v1", "Deployment", owner] as const };
  return live("apps/v1", "ReplicaSet", name, controller, { spec: template });
}

function refs(state: ClusterState, namespace: string): readonly string[] {
  return [...state.records(namespace)].map(({ id }) => `${id.kind}/${id.name}`).sort();
}

describe("the state of the cluster", () => {
  test("keeps a record of every object that is judged, by namespace", () => {
    const state = new ClusterState();
    state.upsert(judged(deployment("web")));
    state.upsert(judged(deployment("vault", { namespace: "bank" })));
    expect(refs(state, "shop")).toEqual(["Deployment/web"]);
    expect(state.namespaces()).toEqual(["bank", "shop"]);
    expect(state.get("shop", "Deployment.apps/web")?.uid).toBe("uid-Deployment-shop-web");
  });

  test("keeps a Namespace with its own, and what else has none apart", () => {
    const state = new ClusterState();
    state.upsert(judged(live("v1", "Namespace", "shop", { namespace: "" })));
    state.upsert(judged(live("rbac.authorization.k8s.io/v1", "ClusterRole", "admin", { namespace: "" })));
    expect(refs(state, "shop")).toEqual(["Namespace/shop"]);
    expect(refs(state, "")).toEqual(["ClusterRole/admin"]);
    expect(state.namespaces()).toEqual(["shop"]);
  });

  test("keeps nothing of a Pod that its controller answers for", () => {
    const state = new ClusterState();
    const folded = judged(pod("web-1-x", { controller: ["apps/v1", "ReplicaSet", "web-1"] }));
    expect(state.upsert(folded)).toBeUndefined();
    expect(refs(state, "shop")).toEqual([]);
  });

  test("keeps folded ReplicaSets, through which a Pod finds its Deployment", () => {
    const state = new ClusterState();
    state.upsert(judged(replicaSet("web-1", "web")));
    expect(state.owner("shop", "ReplicaSet.apps", "web-1")?.controller).toEqual({
      kind: "Deployment.apps",
      name: "web",
    });
  });

  test("finds owners without a namespace too", () => {
    const state = new ClusterState();
    state.upsert(judged(live("example.com/v1", "Fleet", "all", { namespace: "" })));
    expect(state.owner("shop", "Fleet.example.com", "all")?.id.name).toBe("all");
    expect(state.owner("shop", "Fleet.example.com", "none")).toBeUndefined();
  });

  test("notices that a Pod which was judged has found a controller", () => {
    const state = new ClusterState();
    state.upsert(judged(pod("web")));
    const change = state.upsert(judged(pod("web", { controller: ["apps/v1", "ReplicaSet", "web-1"] })));
    expect(change?.verdictKeys).toContain(limits.verdictKey);
    expect(state.get("shop", "Pod/web")?.role).toBe("folded");
  });

  test("forgets what is deleted, and the namespace with its last object", () => {
    const state = new ClusterState();
    const web = judged(deployment("web"));
    state.upsert(web);
    expect(state.remove(web.id)?.verdictKeys).toContain(limits.verdictKey);
    expect(state.namespaces()).toEqual([]);
    expect(state.remove(web.id)).toBeUndefined();
  });

  test("forgets all objects of a kind that nothing asks for any more, and says where that shows", () => {
    const state = new ClusterState();
    state.upsert(judged(deployment("web")));
    state.upsert(judged(deployment("api")));
    state.upsert(judged(deployment("vault", { namespace: "bank" })));
    state.upsert(judged(serviceAccount("robot")));
    const changes = state.forgetKind("Deployment.apps");
    expect(changes.map(({ namespace }) => namespace).sort()).toEqual(["bank", "shop", "shop"]);
    expect(refs(state, "shop")).toEqual(["ServiceAccount/robot"]);
    expect(refs(state, "bank")).toEqual([]);
  });
});

describe("a change", () => {
  test("is none where a ledger could see no difference", () => {
    const state = new ClusterState();
    state.upsert(judged(deployment("web")));
    const annotated = { ...deployment("web"), status: { replicas: 3 } };
    expect(state.upsert(judged(annotated))).toBeUndefined();
  });

  test("names the policies whose verdict or scope it touches", () => {
    const state = new ClusterState();
    const appeared = state.upsert(judged(deployment("web")));
    expect([...(appeared?.verdictKeys ?? [])].sort()).toEqual([accounts.verdictKey, limits.verdictKey].sort());
    const mended = state.upsert(judged(deployment("web", {}, limited)));
    expect([...(mended?.verdictKeys ?? [])]).toContain(limits.verdictKey);
  });

  test("of facts only names the kind and no policy", () => {
    const state = new ClusterState();
    const labelled = (app: string) =>
      live(
        "apps/v1",
        "Deployment",
        "web",
        {},
        { spec: { template: { metadata: { labels: { app } }, spec: limited } } },
      );
    state.upsert(judged(labelled("web"), [limits, services]));
    expect(state.upsert(judged(labelled("api"), [limits, services]))).toEqual({
      namespace: "shop",
      verdictKeys: new Set(),
      facts: "Deployment.apps",
      spokenFor: [],
      readers: [],
    });
  });

  test("of an owner is one for the policies that judge the object", () => {
    const state = new ClusterState();
    state.upsert(judged(deployment("web")));
    const change = state.upsert(judged(deployment("web", { labels: { team: "payments" } })));
    expect([...(change?.verdictKeys ?? [])]).toContain(limits.verdictKey);
    expect(change?.spokenFor).toEqual([]);
  });

  test("of a Namespace's owner is one for all that is in it", () => {
    const state = new ClusterState();
    const shop = (labels: Readonly<Record<string, string>>) =>
      judged(live("v1", "Namespace", "shop", { namespace: "", labels }));
    state.upsert(shop({}));
    expect(state.upsert(shop({ team: "payments" }))?.spokenFor).toEqual(["shop"]);
    expect(state.upsert(shop({ team: "payments", env: "prod" }))?.spokenFor ?? []).toEqual([]);
  });

  test("of a controller's owner or source is one wherever it controls something", () => {
    const state = new ClusterState();
    const fleet = (labels: Readonly<Record<string, string>>) =>
      judged(live("example.com/v1", "Fleet", "all", { namespace: "", labels }));
    const byFleet = ["example.com/v1", "Fleet", "all"] as const;
    for (const namespace of ["shop", "bank", "mint"])
      state.upsert(judged(deployment("web", { namespace, controller: byFleet })));
    state.upsert(fleet({}));
    const gone = judged(deployment("web", { namespace: "mint", controller: byFleet }));
    state.remove(gone.id);
    expect(state.upsert(fleet({ team: "fleets" }))?.spokenFor).toEqual(["bank", "shop"]);
    expect(state.upsert(fleet({ team: "fleets", "helm.sh/chart": "fleet-1.0.0" }))?.spokenFor).toEqual([
      "bank",
      "shop",
    ]);
    expect(state.remove(fleet({}).id)?.spokenFor).toEqual(["bank", "shop"]);
  });

  test("of a controller's owner is none where it controls nothing, or what it controls is folded into it", () => {
    const state = new ClusterState();
    state.upsert(judged(replicaSet("web-1", "web")));
    state.upsert(judged(deployment("web", { namespace: "bank", controller: ["apps/v1", "Deployment", "web"] })));
    expect(state.upsert(judged(deployment("web", { labels: { team: "a" } })))?.spokenFor).toEqual([]);
  });

  test("of an object that was replaced by one of the same name is one", () => {
    const state = new ClusterState();
    const web = judged(deployment("web"));
    state.upsert(web);
    expect(state.upsert({ ...web, uid: "another" })?.verdictKeys).toContain(limits.verdictKey);
  });
});

describe("facts that matter in another namespace", () => {
  const borrowed = policyOf({ rules: { packs: ["reliability"] } }, { name: "borrowed", rules: [borrows] });

  function borrower(namespace: string, from: string): KubeObject {
    return live("v1", "ConfigMap", "borrower", { namespace }, { data: { from } });
  }

  test("are told with the namespaces whose objects read them", () => {
    const state = new ClusterState();
    for (const [reader, from] of [
      ["shop", "bank"],
      ["all", "*"],
      ["other", "mint"],
      ["bank", "bank"],
    ] as const)
      state.upsert(judged(borrower(reader, from), [borrowed]));
    const appeared = state.upsert(judged(serviceAccount("robot", { namespace: "bank" }), [borrowed]));
    expect(appeared).toMatchObject({ namespace: "bank", facts: "ServiceAccount", readers: ["all", "shop"] });
  });

  test("are told to nobody whose object has changed or gone", () => {
    const state = new ClusterState();
    state.upsert(judged(borrower("shop", "bank"), [borrowed]));
    state.upsert(judged(borrower("all", "*"), [borrowed]));
    state.upsert(judged(borrower("shop", "mint"), [borrowed]));
    state.remove(judged(borrower("all", "*"), [borrowed]).id);
    expect(state.upsert(judged(serviceAccount("robot", { namespace: "bank" }), [borrowed]))?.readers).toEqual([]);
    expect(state.upsert(judged(serviceAccount("robot", { namespace: "mint" }), [borrowed]))?.readers).toEqual(["shop"]);
  });

  test("are facts of a kind that is read", () => {
    const state = new ClusterState();
    state.upsert(judged(borrower("all", "*"), [borrowed]));
    expect(state.upsert(judged(deployment("web"), [borrowed, services]))?.readers).toEqual([]);
  });
});

describe("the inventory", () => {
  test("is kept in step with the records", () => {
    const state = new ClusterState();
    const robot = judged(serviceAccount("robot"));
    state.upsert(robot);
    expect(state.inventory.get("ServiceAccount", "shop", "robot")).toBeDefined();
    state.remove(robot.id);
    expect(state.inventory.get("ServiceAccount", "shop", "robot")).toBeUndefined();
  });

  test("loses the facts of an object that none of the policies reads any more", () => {
    const state = new ClusterState();
    state.upsert(judged(serviceAccount("robot")));
    state.upsert(judged(serviceAccount("robot"), [limits]));
    expect(state.inventory.get("ServiceAccount", "shop", "robot")).toBeUndefined();
  });
});
