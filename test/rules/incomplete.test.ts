import { expect, test } from "vitest";
import { evaluateInventory } from "../../src/engine/evaluate-inventory.ts";
import { evaluateResource } from "../../src/engine/evaluate-resource.ts";
import { InventoryStore } from "../../src/engine/inventory-store.ts";
import { rules } from "../../src/rules/index.generated.ts";
import { ruleAlone } from "../../tools/oracles/policies.ts";
import { readFixtures } from "./harness.ts";

const inventoryRules = rules.filter((rule) => rule.scope === "inventory");

test.each(inventoryRules.map((rule) => [rule.id, rule] as const))(
  "%s concludes nothing from what cannot be read",
  (id, rule) => {
    const context = { namespaceLabels: () => new Map<string, string>() };
    const found = readFixtures(id).flatMap(({ objects, params, release }) => {
      const policy = ruleAlone(rule, { params, release, objects }, id);
      const judged = objects.flatMap((object) => evaluateResource(object, [policy], context) ?? []);
      const nothingRead = evaluateInventory(policy, judged, new InventoryStore(), () => false);
      return [...nothingRead.violations.values()].flat();
    });

    expect(found).toEqual([]);
  },
);
