import { describe, expect, it } from "vitest";
import { PodSpecView } from "../../../src/engine/views/pod-spec.ts";
import { spreadingTerms } from "../../../src/engine/views/spread.ts";

const own = { labelSelector: { matchLabels: { app: "checkout" } } };
const other = { labelSelector: { matchLabels: { app: "basket" } } };

function terms(spec: Record<string, unknown>) {
  const metadata = { labels: { app: "checkout" } };
  return spreadingTerms(new PodSpecView({ spec, metadata, templatePath: [], onlyEphemeral: false }));
}

describe("terms that spread Pods", () => {
  it("are required and preferred anti-affinity terms and spread constraints", () => {
    const podAntiAffinity = {
      requiredDuringSchedulingIgnoredDuringExecution: [{ ...own, topologyKey: "zone" }],
      preferredDuringSchedulingIgnoredDuringExecution: [
        { weight: 1, podAffinityTerm: { ...other, topologyKey: "host" } },
      ],
    };
    expect(terms({ affinity: { podAntiAffinity }, topologySpreadConstraints: [own] })).toEqual([
      {
        way: "podAntiAffinity",
        path: "affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution",
        topologyKey: "zone",
        selectsOwnPods: true,
      },
      {
        way: "podAntiAffinity",
        path: "affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution",
        topologyKey: "host",
        selectsOwnPods: false,
      },
      { way: "topologySpread", path: "topologySpreadConstraints", topologyKey: undefined, selectsOwnPods: true },
    ]);
  });

  it.each([
    [{}, false],
    [{ labelSelector: null }, false],
    [{ labelSelector: {} }, true],
    [{ labelSelector: { matchExpressions: [{ key: "app", operator: "Exists" }] } }, true],
    [{ labelSelector: { matchExpressions: [{ key: "pod-template-hash", operator: "Exists" }] } }, true],
  ])("that say %j select the Pods themselves: %s", (constraint, selects) => {
    expect(terms({ topologySpreadConstraints: [constraint] }).map((term) => term.selectsOwnPods)).toEqual([selects]);
  });

  it("are none in affinity", () => {
    const podAffinity = { requiredDuringSchedulingIgnoredDuringExecution: [{ ...own, topologyKey: "zone" }] };
    expect(terms({ affinity: { podAffinity } })).toEqual([]);
  });

  it("have no topology key where it is empty", () => {
    expect(terms({ topologySpreadConstraints: [{ topologyKey: "" }] })[0]?.topologyKey).toBeUndefined();
  });
});
