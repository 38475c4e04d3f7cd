import { describe, expect, it } from "vitest";
import { nodeLabelUses } from "../../../src/engine/views/node-label-uses.ts";
import { viewResource } from "../../../src/engine/views/resource-view.ts";

const required = "requiredDuringSchedulingIgnoredDuringExecution";
const preferred = "preferredDuringSchedulingIgnoredDuringExecution";
const expression = (key: unknown) => ({ matchExpressions: [{ key, operator: "Exists" }] });

function uses(kind: string, apiVersion: string, spec: unknown) {
  const view = viewResource({ apiVersion, kind, metadata: { name: "x" }, spec });
  return view && nodeLabelUses(view).map(({ key, path, steps, in: place }) => [key, place, path, steps.join(" ")]);
}

describe("the labels of nodes that decide where Pods may run", () => {
  it("are found in selectors, affinity and spread, each with its place in the object", () => {
    const spec = {
      nodeSelector: { "a/b": "1" },
      affinity: {
        nodeAffinity: {
          [required]: { nodeSelectorTerms: [{}, expression("c"), 1, expression("d")] },
          [preferred]: [{ weight: 1, preference: expression("e") }],
        },
        podAffinity: { [required]: [{ topologyKey: "f" }], [preferred]: [{ podAffinityTerm: { topologyKey: "g" } }] },
        podAntiAffinity: { [required]: [null, { topologyKey: "h" }] },
      },
      topologySpreadConstraints: [{ topologyKey: "i" }, { maxSkew: 1 }],
    };
    const nodes = "affinity.nodeAffinity";
    expect(uses("Deployment", "apps/v1", { template: { spec } })).toEqual([
      ["a/b", "nodeSelector", "nodeSelector", "nodeSelector a/b"],
      ["c", "terms", `${nodes}.${required}.nodeSelectorTerms`, keyIn(`nodeAffinity ${required} nodeSelectorTerms 1`)],
      ["d", "terms", `${nodes}.${required}.nodeSelectorTerms`, keyIn(`nodeAffinity ${required} nodeSelectorTerms 3`)],
      ["e", "terms", `${nodes}.${preferred}`, keyIn(`nodeAffinity ${preferred} 0 preference`)],
      ["f", "podAffinity", `affinity.podAffinity.${required}`, topologyKeyIn(`podAffinity ${required} 0`)],
      [
        "g",
        "podAffinity",
        `affinity.podAffinity.${preferred}`,
        topologyKeyIn(`podAffinity ${preferred} 0 podAffinityTerm`),
      ],
      ["h", "podAffinity", `affinity.podAntiAffinity.${required}`, topologyKeyIn(`podAntiAffinity ${required} 1`)],
      ["i", "spread", "topologySpreadConstraints", "topologySpreadConstraints 0 topologyKey"],
    ]);
  });

  it("of a PersistentVolume are those of its node affinity", () => {
    const nodeAffinity = { required: { nodeSelectorTerms: [expression("a")] } };
    expect(uses("PersistentVolume", "v1", { nodeAffinity, nodeSelector: { b: "1" } })).toEqual([
      [
        "a",
        "terms",
        "spec.nodeAffinity.required.nodeSelectorTerms",
        "spec nodeAffinity required nodeSelectorTerms 0 matchExpressions 0 key",
      ],
    ]);
  });

  it("are none where nothing is asked, or no Pods are made", () => {
    expect(uses("Pod", "v1", { nodeSelector: null, affinity: [], topologySpreadConstraints: {} })).toEqual([]);
    expect(uses("Service", "v1", { nodeSelector: { a: "1" } })).toEqual([]);
    expect(uses("Pod", "v1", { nodeAffinity: { required: { nodeSelectorTerms: [expression("a")] } } })).toEqual([]);
    expect(uses("PersistentVolume", "v1", {})).toEqual([]);
  });

  function keyIn(term: string): string {
    return `affinity ${term} matchExpressions 0 key`;
  }

  function topologyKeyIn(term: string): string {
    return `affinity ${term} topologyKey`;
  }
});
