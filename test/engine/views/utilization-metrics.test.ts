import { describe, expect, it } from "vitest";
import { viewResource } from "../../../src/engine/views/resource-view.ts";
import { utilizationMetrics } from "../../../src/engine/views/utilization-metrics.ts";

function metrics(version: string, spec: object) {
  const apiVersion = `autoscaling/${version}`;
  const view = viewResource({ apiVersion, kind: "HorizontalPodAutoscaler", metadata: { name: "checkout" }, spec });
  if (view === undefined) throw new Error("the object says nothing");
  return utilizationMetrics(view);
}

const cpu = { resource: "cpu", container: undefined };
const share = { type: "Utilization", averageUtilization: 80 };

describe("metrics of utilization", () => {
  it("are the CPU in v1, written or not", () => {
    expect(metrics("v1", { targetCPUUtilizationPercentage: 50 })).toEqual([cpu]);
    expect(metrics("v1", {})).toEqual([cpu]);
  });

  it("are the CPU in v1, whatever else is written there", () => {
    expect(metrics("v1", { metrics: [{ type: "Resource", resource: { name: "memory", target: share } }] })).toEqual([
      cpu,
    ]);
  });

  it("are of all containers where the whole Pod is measured", () => {
    const resource = { name: "memory", container: "app", target: share };
    expect(metrics("v2", { metrics: [{ type: "Resource", resource }] })).toEqual([{ ...cpu, resource: "memory" }]);
  });

  it("are the CPU where there is no metric", () => {
    expect(metrics("v2", {})).toEqual([cpu]);
    expect(metrics("v2", { metrics: [] })).toEqual([cpu]);
  });

  it("are those of resources whose target is a share of the request", () => {
    const resource = (name: string, target: object) => ({ type: "Resource", resource: { name, target } });
    const found = metrics("v2", {
      metrics: [
        resource("cpu", share),
        resource("memory", share),
        resource("memory", { type: "AverageValue", averageValue: "1Gi" }),
        resource("example.com/gpu", share),
        { type: "Pods", pods: { metric: { name: "requests" } }, resource: { name: "cpu", target: share } },
      ],
    });
    expect(found).toEqual([cpu, { ...cpu, resource: "memory" }]);
  });

  it("may be of one container", () => {
    const containerResource = { name: "memory", container: "app", target: share };
    expect(metrics("v2", { metrics: [{ type: "ContainerResource", containerResource }] })).toEqual([
      { resource: "memory", container: "app" },
    ]);
  });

  it("are spelt otherwise in v2beta1", () => {
    const resource = (target: object) => [{ type: "Resource", resource: { name: "cpu", ...target } }];
    expect(metrics("v2beta1", { metrics: resource({ targetAverageUtilization: 50 }) })).toEqual([cpu]);
    expect(metrics("v2beta1", { metrics: resource({ targetAverageValue: "1" }) })).toEqual([]);
  });
});
