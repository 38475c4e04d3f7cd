import { describe, expect, it } from "vitest";
import type { AutoscalerFacts, WorkloadFacts } from "../../../src/engine/facts/index.ts";
import { plannedReplicas } from "../../../src/engine/facts/planned-replicas.ts";
import { InventoryStore } from "../../../src/engine/inventory-store.ts";

const workload: WorkloadFacts = {
  id: { group: "apps", kind: "Deployment", namespace: "shop", name: "checkout" },
  podLabels: new Map(),
  fromTemplate: true,
  replicas: 5,
  run: [],
};

function autoscaler(
  kind: "HorizontalPodAutoscaler" | "ScaledObject",
  name: string,
  minReplicas: number,
  target = "checkout",
): AutoscalerFacts {
  const group = kind === "ScaledObject" ? "keda.sh" : "autoscaling";
  return {
    id: { group, kind, namespace: "shop", name },
    target: { group: "apps", kind: "Deployment", name: target },
    minReplicas,
    scaledObject: undefined,
  };
}

function planned(...facts: readonly AutoscalerFacts[]) {
  const inventory = new InventoryStore();
  for (const one of facts) inventory.upsert(one);
  return plannedReplicas(workload, inventory);
}

describe("planned replicas", () => {
  it("are what the workload says where no autoscaler targets it", () => {
    expect(planned(autoscaler("HorizontalPodAutoscaler", "other", 2, "basket"))).toBe(5);
  });

  it("are not told by an autoscaler that targets nothing", () => {
    expect(planned({ ...autoscaler("HorizontalPodAutoscaler", "lost", 2), target: undefined })).toBe(5);
  });

  it("are the minimum of its autoscaler", () => {
    expect(planned(autoscaler("HorizontalPodAutoscaler", "checkout", 2))).toBe(2);
  });

  it("are the smaller minimum where KEDA keeps an autoscaler beside the ScaledObject", () => {
    const facts = [
      autoscaler("ScaledObject", "checkout", 0),
      autoscaler("HorizontalPodAutoscaler", "keda-hpa-checkout", 1),
    ];
    expect(planned(...facts)).toBe(0);
  });
});
