import { describe, expect, it } from "vitest";
import { projections, workloadFacts } from "../../../src/engine/facts/index.ts";
import { type KubeObject, kindName } from "../../../src/engine/resource.ts";
import { viewResource } from "../../../src/engine/views/resource-view.ts";

function view(apiVersion: string, kind: string, fields: KubeObject = {}) {
  const made = viewResource({ apiVersion, kind, metadata: { name: "x", namespace: "shop" }, ...fields });
  if (made === undefined) throw new Error("the object says nothing");
  return made;
}

const target = { group: "apps", kind: "Deployment", name: "checkout" };

describe("the facts of a workload", () => {
  it("are its identity, its Pods' labels and its replicas", () => {
    const containers = [{ name: "app", resources: { limits: { cpu: 1 }, requests: { memory: 0 } } }, { name: "bare" }];
    const template = { metadata: { labels: { app: "x", wrong: 1 } }, spec: { containers } };
    expect(workloadFacts(view("apps/v1", "Deployment", { spec: { replicas: 3, template } }))).toEqual({
      id: { group: "apps", kind: "Deployment", namespace: "shop", name: "x" },
      podLabels: new Map([["app", "x"]]),
      fromTemplate: true,
      replicas: 3,
      run: [
        { name: "app", requests: { cpu: true, memory: false }, ports: [] },
        { name: "bare", requests: { cpu: false, memory: false }, ports: [] },
      ],
    });
  });

  it("count a request of the pod as one of each container that has none", () => {
    const containers = [{ name: "app" }, { name: "zero", resources: { requests: { memory: 0 } } }];
    const pod = { spec: { resources: { requests: { memory: "1Gi" } }, containers } };
    expect(workloadFacts(view("v1", "Pod", pod)).run).toEqual([
      { name: "app", requests: { cpu: false, memory: true }, ports: [] },
      { name: "zero", requests: { cpu: false, memory: false }, ports: [] },
    ]);
  });

  it("are the ports of each container that keeps running", () => {
    const ports = [
      { name: "http", containerPort: 8080 },
      { name: "", containerPort: "x" },
    ];
    const containers = [{ name: "a", ports }, { name: "a", ports: [{ containerPort: 1 }] }, { name: "b" }];
    const initContainers = [
      { name: "c", ports: [{ containerPort: 2 }] },
      { name: "d", restartPolicy: "Always", ports: [{ containerPort: 15000 }] },
    ];
    const { run } = workloadFacts(view("v1", "Pod", { spec: { containers, initContainers } }));
    expect(run.map((one) => [one.name, ...one.ports.map(({ name, number }) => `${name} ${number}`)])).toEqual([
      ["a", "http 8080", "undefined undefined"],
      ["a", "undefined 1"],
      ["b"],
      ["d", "undefined 15000"],
    ]);
  });

  it("know no labels where the template is another object's", () => {
    const rollout = view("argoproj.io/v1alpha1", "Rollout", { spec: { workloadRef: { name: "y" } } });
    expect(workloadFacts(rollout)).toMatchObject({ podLabels: undefined, replicas: 1 });
  });

  it.each([
    ["apps/v1", "Deployment", { spec: {} }, 1],
    ["apps/v1", "StatefulSet", { spec: { replicas: "3" } }, 1],
    ["v1", "Pod", { spec: { replicas: 3 } }, 1],
    ["v1", "PodTemplate", {}, 0],
    ["apps/v1", "DaemonSet", { spec: { replicas: 3 } }, undefined],
    ["batch/v1", "Job", {}, undefined],
  ])("of %s %s %j are %s replicas", (apiVersion, kind, fields, replicas) => {
    expect(workloadFacts(view(apiVersion, kind, fields)).replicas).toBe(replicas);
  });

  it("keep the labels of a Pod as others keep them, and not another time", () => {
    const pod = view("v1", "Pod", { metadata: { name: "x", labels: { app: "x" } }, spec: {} });
    expect(workloadFacts(pod).podLabels).toBe(pod.labels);
  });

  it("say that a Pod has no other labels than its own", () => {
    expect(workloadFacts(view("v1", "Pod", { spec: {} })).fromTemplate).toBe(false);
  });
});

describe("projections", () => {
  it("know the target and minimum of an autoscaler, by group and kind", () => {
    const scaleTargetRef = { apiVersion: "apps/v1beta2", kind: "Deployment", name: "checkout" };
    const hpa = projections["HorizontalPodAutoscaler.autoscaling"];
    const read = (spec: object) => hpa(view("autoscaling/v2", "HorizontalPodAutoscaler", { spec }));
    expect(read({ scaleTargetRef, minReplicas: 3 })).toMatchObject({ target, minReplicas: 3 });
    expect(read({ scaleTargetRef })).toMatchObject({ target, minReplicas: 1 });
    expect(read({ scaleTargetRef: { kind: "Deployment" } }).target).toBeUndefined();
    expect(read({ scaleTargetRef: { name: "checkout" } }).target).toBeUndefined();
  });

  it.each([undefined, "v1"])("take a target of %s for one of the core group", (apiVersion) => {
    const scaleTargetRef = { apiVersion, kind: "ReplicationController", name: "checkout" };
    const hpa = view("autoscaling/v2", "HorizontalPodAutoscaler", { spec: { scaleTargetRef } });
    expect(projections["HorizontalPodAutoscaler.autoscaling"](hpa).target).toEqual({
      group: "",
      kind: "ReplicationController",
      name: "checkout",
    });
  });

  it("take a Deployment for the target of a ScaledObject that names no kind", () => {
    const read = (spec: object) =>
      projections["ScaledObject.keda.sh"](view("keda.sh/v1alpha1", "ScaledObject", { spec }));
    expect(read({ scaleTargetRef: { name: "checkout" } })).toMatchObject({ target, minReplicas: 0 });
    expect(read({ scaleTargetRef: { name: "checkout" }, minReplicaCount: 2 }).minReplicas).toBe(2);
  });

  it("know the autoscaler that KEDA keeps for a ScaledObject", () => {
    const hpa = projections["HorizontalPodAutoscaler.autoscaling"];
    const ownedBy = (apiVersion: string, kind: string) =>
      hpa(
        view("autoscaling/v2", "HorizontalPodAutoscaler", {
          metadata: {
            name: "x",
            ownerReferences: [
              { apiVersion: "v1", kind: "Other" },
              { kind: "ScaledObject", name: "z" },
              { apiVersion, kind, name: "y" },
            ],
          },
        }),
      ).scaledObject;
    expect(ownedBy("keda.sh/v1alpha1", "ScaledObject")).toBe("y");
    expect(ownedBy("example.com/v1", "ScaledObject")).toBeUndefined();
    expect(ownedBy("keda.sh/v1alpha1", "ScaledJob")).toBeUndefined();
  });

  it("know what a Service selects, and whether it has an address", () => {
    const read = (spec: object) => projections.Service(view("v1", "Service", { spec }));
    expect(read({ selector: { app: "x" }, clusterIP: "None" })).toMatchObject({
      selector: { labels: new Map([["app", "x"]]), expressions: [] },
      headless: true,
    });
    expect(read({ selector: {}, clusterIP: "10.0.0.1" })).toMatchObject({ selector: undefined, headless: false });
  });

  it("know whether a ServiceAccount lends its token, if it says so", () => {
    const read = (fields: KubeObject) =>
      projections.ServiceAccount(view("v1", "ServiceAccount", fields)).automountToken;
    expect([false, true, null].map((flag) => read({ automountServiceAccountToken: flag }))).toEqual([
      false,
      true,
      undefined,
    ]);
  });

  it("know what a disruption budget selects", () => {
    const budget = view("policy/v1", "PodDisruptionBudget", { spec: { selector: { matchLabels: { app: "x" } } } });
    expect(projections["PodDisruptionBudget.policy"](budget).selector).toEqual({
      labels: new Map([["app", "x"]]),
      expressions: [],
    });
  });

  it("know the ports of a Service", () => {
    const ports = [{ name: "http", port: 80, targetPort: 8080 }, { port: 90 }, { name: "", port: "x" }, null];
    expect(projections.Service(view("v1", "Service", { spec: { ports } })).ports).toEqual([
      { name: "http", number: 80 },
      { name: undefined, number: 90 },
      { name: undefined, number: undefined },
    ]);
  });

  it("know the labels of a Service", () => {
    const metadata = { name: "x", namespace: "shop", labels: { app: "web" } };
    expect(projections.Service(view("v1", "Service", { metadata })).labels).toEqual(new Map([["app", "web"]]));
  });

  it("keep the names of a ConfigMap's keys, never a value", () => {
    const facts = projections.ConfigMap(view("v1", "ConfigMap", { data: { b: "secret" }, binaryData: { a: "AAAA" } }));
    expect([...facts.keys]).toEqual(["a", "b"]);
  });

  it.each(["Role", "ClusterRole"] as const)("know of a %s that it is there", (kind) => {
    const role = view("rbac.authorization.k8s.io/v1", kind, { rules: [{ verbs: ["*"] }] });
    expect(projections[`${kind}.rbac.authorization.k8s.io`](role)).toEqual({ id: role.id });
  });

  it("are by kind and group", () => {
    const kinds = Object.keys(projections);
    expect(kinds).toContain(kindName("autoscaling", "HorizontalPodAutoscaler"));
    expect(kinds).toEqual(kinds.toSorted());
  });

  it("keep of a Secret that it is there, and nothing else", () => {
    const secret = view("v1", "Secret", { type: "Opaque", data: { key: "dmFsdWU=" } });
    expect(projections.Secret(secret)).toEqual({ id: { group: "", kind: "Secret", namespace: "shop", name: "x" } });
  });

  it.each([
    ["PersistentVolumeClaim", "v1"],
    ["StorageClass.storage.k8s.io", "storage.k8s.io/v1"],
    ["PriorityClass.scheduling.k8s.io", "scheduling.k8s.io/v1"],
    ["RuntimeClass.node.k8s.io", "node.k8s.io/v1"],
    ["IngressClass.networking.k8s.io", "networking.k8s.io/v1"],
  ] as const)("keep of a %s that it is there", (kind, apiVersion) => {
    const object = view(apiVersion, kind.split(".")[0] ?? "", { spec: { a: 1 } });
    expect(projections[kind](object)).toEqual({ id: object.id });
  });

  it("know the labels of a Namespace", () => {
    const shop = view("v1", "Namespace", { metadata: { name: "shop", labels: { team: "shop" } } });
    expect(projections.Namespace(shop)).toEqual({ id: shop.id, labels: new Map([["team", "shop"]]) });
  });
});
