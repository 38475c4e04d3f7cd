import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CompiledPolicy } from "../../src/engine/compiled-policy.ts";
import { evaluate } from "../../src/engine/evaluate.ts";
import { evaluateInventory } from "../../src/engine/evaluate-inventory.ts";
import { evaluateResource } from "../../src/engine/evaluate-resource.ts";
import { buildEvidence } from "../../src/engine/evidence.ts";
import { ownerLookup } from "../../src/engine/folding.ts";
import { InventoryStore } from "../../src/engine/inventory-store.ts";
import type { Judged } from "../../src/engine/judged.ts";
import { ledgerNamespace } from "../../src/engine/match.ts";
import { type KubeObject, resourceRef } from "../../src/engine/resource.ts";
import { viewResource } from "../../src/engine/views/resource-view.ts";
import { arbitraryObject } from "./arbitrary-cluster.ts";
import { context, policyOf } from "./samples.ts";

const everything = policyOf({
  match: { kinds: ["*.argoproj.io"] },
  rules: {
    packs: ["recommended", "strict", "network", "rbac", "pss-baseline", "reliability"],
    override: [
      { id: "fragile", severity: "Low" },
      { id: "allowed-registries", params: { registries: ["registry.example.com"] } },
    ],
  },
});
const web = policyOf(
  {
    match: { namespaces: { include: ["s*"] }, objectSelector: { matchLabels: { tier: "web" } } },
    rules: { packs: ["recommended", "rbac"] },
  },
  { name: "web" },
);
const policies = [everything, web];

interface Step {
  readonly object: KubeObject;
  readonly exists: boolean;
}

/** What an operator keeps: one record an object and the inventory, brought up to date object by object. */
class Incremental {
  readonly #judged = new Map<string, Judged>();
  readonly #inventory = new InventoryStore();

  take({ object, exists }: Step): void {
    const view = viewResource(object);
    if (view === undefined) return;
    const key = `${view.id.namespace}/${resourceRef(view.id)}`;
    const judged = exists ? evaluateResource(object, policies, context) : undefined;
    if (judged === undefined) this.#judged.delete(key);
    else this.#judged.set(key, judged);
    if (judged?.facts === undefined) this.#inventory.remove(view.id);
    else this.#inventory.upsert(judged.facts);
  }

  /** By ledger, as evidence has it: every violation with its count, problems, and the number of resources. */
  verdict(policy: CompiledPolicy): { resources: number; violations: readonly string[]; problems: readonly string[] } {
    const ledgers = Map.groupBy(this.#judged.values(), ({ id }) => ledgerNamespace(id) ?? "");
    const told = [...ledgers].map(([namespace, judged]) => ({
      ledger: namespace,
      evidence: buildEvidence({
        policy,
        namespace: namespace === "" ? undefined : { name: namespace, createdAt: 0 },
        namespaceLabels: context.namespaceLabels(namespace),
        judged,
        inventory: evaluateInventory(policy, judged, this.#inventory, () => true),
        kinds: new Map(),
        owner: ownerLookup(this.#judged.values()),
        exists: () => false,
        previous: undefined,
        now: 0,
        fullScan: false,
      }),
    }));
    return {
      resources: told.reduce((sum, { evidence: { resources } }) => sum + resources.size, 0),
      violations: told
        .flatMap(({ ledger, evidence: { resources } }) =>
          [...resources].flatMap(([ref, { violations, ownership }]) =>
            [...violations].map(([key, { violation, count }]) =>
              JSON.stringify([ledger, ref, key, violation, ownership(), count]),
            ),
          ),
        )
        .sort(),
      problems: told.flatMap(({ evidence: { problems } }) => problems.map((problem) => JSON.stringify(problem))).sort(),
    };
  }
}

/** The same in one go, from nothing but the objects that are left. */
function rescan(objects: readonly KubeObject[], policy: CompiledPolicy) {
  const verdict = evaluate({ objects, policies, context }).policies.get(policy.name);
  const counted = Map.groupBy(verdict?.violations ?? [], ({ resource, violation: { rule, path, class: of } }) =>
    JSON.stringify([
      ledgerNamespace(resource) ?? "",
      resourceRef(resource),
      [rule, path, ...(of === undefined ? [] : [of])].join("\n"),
    ]),
  );
  return {
    resources: verdict?.resources ?? 0,
    violations: [...counted]
      .map(([key, list]) => {
        const [{ violation, owner, source } = {}] = list;
        return JSON.stringify([...JSON.parse(key), violation, { owner, source }, list.length]);
      })
      .sort(),
    problems: (verdict?.problems ?? []).map((problem) => JSON.stringify(problem)).sort(),
  };
}

const histories = fc.array(fc.record({ object: arbitraryObject, exists: fc.boolean() }), { maxLength: 40 });

function identity(object: KubeObject): string {
  const id = viewResource(object)?.id;
  return id === undefined ? "" : `${id.namespace}/${resourceRef(id)}`;
}

function left(history: readonly Step[]): readonly KubeObject[] {
  const objects = new Map<string, KubeObject>();
  for (const { object, exists } of history)
    if (exists) objects.set(identity(object), object);
    else objects.delete(identity(object));
  return [...objects.values()];
}

describe("judging object by object", () => {
  it.each(policies.map((policy) => [policy.name, policy] as const))(
    "comes to what a full scan of the same objects comes to: policy %s",
    (_, policy) => {
      fc.assert(
        fc.property(histories, (history) => {
          const state = new Incremental();
          for (const step of history) state.take(step);
          expect(state.verdict(policy)).toEqual(rescan(left(history), policy));
        }),
        { numRuns: 300 },
      );
    },
  );

  it("meets every rule, family and fold in these histories, so that the comparison says something", () => {
    const met = new Set<string>();
    fc.assert(
      fc.property(histories, (history) => {
        const { policies: verdicts } = evaluate({ objects: left(history), policies, context });
        for (const { resource, violation } of verdicts.get(everything.name)?.violations ?? []) {
          met.add(violation.rule);
          if (resource.name.endsWith("*")) met.add("family");
          if (violation.path.startsWith("ephemeralContainers")) met.add(`debugged ${resource.kind}`);
        }
      }),
      { numRuns: 300, seed: 7 },
    );
    expect([...met].sort()).toEqual(
      expect.arrayContaining([
        "allowed-registries",
        "debugged Deployment",
        "debugged Pod",
        "family",
        "fragile",
        "liveness-probe",
        "memory-limit",
        "no-host-network",
        "owner-label",
        "service-account-exists",
        "service-target",
      ]),
    );
  });
});
