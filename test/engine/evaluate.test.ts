import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluate, type PolicyVerdict } from "../../src/engine/evaluate.ts";
import { type KubeObject, kindName, resourceRef } from "../../src/engine/resource.ts";
import { viewResource } from "../../src/engine/views/resource-view.ts";
import { arbitraryObject } from "./arbitrary-cluster.ts";
import { context, deployment, live, pod, podSpec, policyOf, service } from "./samples.ts";

const production = policyOf({ rules: { packs: ["recommended", "network"] } });
const shops = policyOf({ match: { namespaces: { include: ["shop"] } } }, { name: "shops" });

function verdict(objects: readonly KubeObject[], policy = production): PolicyVerdict | undefined {
  return evaluate({ objects, policies: [policy], context }).policies.get(policy.name);
}

function seen(of: PolicyVerdict | undefined): readonly string[] {
  return (of?.violations ?? []).map(
    ({ resource, violation }) => `${resource.namespace} ${resourceRef(resource)} ${violation.rule}`,
  );
}

function identity(object: KubeObject): string {
  const id = viewResource(object)?.id;
  return id === undefined ? "" : `${id.namespace}/${kindName(id.group, id.kind)}/${id.name}`;
}

describe("judging a set of objects", () => {
  it("gives violations sorted by namespace, resource and rule", () => {
    const objects = [
      deployment("b"),
      service("web", { app: "gone" }),
      deployment("a"),
      deployment("c", { namespace: "bank" }),
    ];
    expect(seen(verdict(objects))).toEqual([
      "bank Deployment.apps/c memory-limit",
      "shop Deployment.apps/a memory-limit",
      "shop Deployment.apps/b memory-limit",
      "shop Service/web service-target",
    ]);
  });

  it("gives each policy its own verdict, by name", () => {
    const objects = [deployment("a"), deployment("a", { namespace: "bank" })];
    const { policies } = evaluate({ objects, policies: [shops, production], context });
    expect([...policies].map(([name, { violations }]) => [name, violations.length])).toEqual([
      ["production", 2],
      ["shops", 1],
    ]);
  });

  it("counts what is judged itself, and families once", () => {
    const jobs = ["backup-a", "backup-b"].map((name) => live("batch/v1", "Job", name, { generateName: "backup-" }));
    const folded = pod("x", { controller: ["apps/v1", "ReplicaSet", "a"] });
    expect(verdict([deployment("a"), folded, ...jobs])?.resources).toBe(2);
  });

  it("takes the later of two objects with one identity", () => {
    expect(seen(verdict([deployment("a"), deployment("a", {}, podSpec([{ name: "app", memory: "1Gi" }]))]))).toEqual(
      [],
    );
  });

  it("reports rules that throw, sorted", () => {
    const breaking = policyOf({ rules: { packs: ["cis"], override: [{ id: "fragile", severity: "Low" }] } });
    const objects = ["b", "a"].map((name) => live("v1", "ConfigMap", name, { labels: { break: "x" } }));
    expect(verdict(objects, breaking)?.problems.map(({ resource }) => resource)).toEqual([
      "ConfigMap/a",
      "ConfigMap/b",
    ]);
  });

  it("names the rules that were silent", () => {
    const isComplete = (kind: string) => kind !== "Pod";
    const { policies } = evaluate({
      objects: [service("web", { app: "gone" })],
      policies: [production],
      context,
      isComplete,
    });
    const { violations, unverified } = policies.get("production") ?? {};
    expect([violations, unverified]).toEqual([[], new Map([["service-target", "Pod"]])]);
  });

  it("says why an object could not be judged", () => {
    const object = { kind: "Pod", metadata: { name: "x" } };
    expect(evaluate({ objects: [object], policies: [production], context }).unusable).toEqual([
      { object, reason: "apiVersion is missing or no string" },
    ]);
  });

  it("gives the same bytes whatever order the objects come in", () => {
    const everything = policyOf({
      match: { kinds: ["*.argoproj.io"] },
      rules: {
        packs: ["recommended", "strict", "network", "rbac", "pss-baseline"],
        override: [{ id: "fragile", severity: "Low" }],
      },
    });
    const clusters = fc.uniqueArray(arbitraryObject, { selector: identity, maxLength: 25 });
    const bytes = (objects: readonly KubeObject[]) => {
      const { policies } = evaluate({ objects, policies: [everything, shops], context });
      return JSON.stringify([...policies].map(([name, of]) => [name, of, [...of.unverified]]));
    };
    fc.assert(
      fc.property(
        clusters.chain((objects) =>
          fc.tuple(fc.constant(objects), fc.shuffledSubarray(objects, { minLength: objects.length })),
        ),
        ([objects, shuffled]) => {
          expect(bytes(shuffled)).toBe(bytes(objects));
        },
      ),
    );
  });
});
