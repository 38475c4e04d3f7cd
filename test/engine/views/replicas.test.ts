import { describe, expect, it } from "vitest";
import type { KindName } from "../../../src/engine/resource.ts";
import { hasReplicas, replicasOf } from "../../../src/engine/views/replicas.ts";
import { viewResource } from "../../../src/engine/views/resource-view.ts";

function replicasOfA(apiVersion: string, kind: string, spec: object): number | undefined {
  const view = viewResource({ apiVersion, kind, metadata: { name: "x", namespace: "shop" }, spec });
  return view && replicasOf(view);
}

describe("replicas", () => {
  it.each([
    ["v1", "ReplicationController"],
    ["apps/v1", "Deployment"],
    ["apps/v1", "ReplicaSet"],
    ["apps/v1", "StatefulSet"],
    ["extensions/v1beta1", "Deployment"],
    ["extensions/v1beta1", "ReplicaSet"],
    ["extensions/v1beta1", "StatefulSet"],
    ["argoproj.io/v1alpha1", "Rollout"],
    ["apps.openshift.io/v1", "DeploymentConfig"],
  ])("of a %s %s are as many as it says, else one", (apiVersion, kind) => {
    expect([{ replicas: 3 }, { replicas: 0 }, {}].map((spec) => replicasOfA(apiVersion, kind, spec))).toEqual([
      3, 0, 1,
    ]);
  });

  it("of a Pod are one, of a PodTemplate none", () => {
    expect(replicasOfA("v1", "Pod", { replicas: 3 })).toBe(1);
    expect(replicasOfA("v1", "PodTemplate", { replicas: 3 })).toBe(0);
  });

  it.each([
    ["apps/v1", "DaemonSet"],
    ["batch/v1", "Job"],
  ])("are not for a %s %s to say", (apiVersion, kind) => {
    expect(replicasOfA(apiVersion, kind, { replicas: 3 })).toBeUndefined();
  });

  it("are a field of kinds that are scaled", () => {
    const kinds: readonly KindName[] = ["Pod", "Deployment.apps", "DaemonSet.apps"];
    expect(kinds.filter(hasReplicas)).toEqual(["Deployment.apps"]);
  });
});
