import { describe, expect, it } from "vitest";
import { rules } from "../../src/rules/index.generated.ts";
import { readFixtures } from "./harness.ts";
import { unsaidNamespaces } from "./unsaid-namespaces.ts";

const inventoryRules = rules.filter((rule) => rule.scope === "inventory");

describe.each(inventoryRules.map((rule) => [rule.id, rule] as const))("%s", (id, rule) => {
  it.each(readFixtures(id).map((fixture) => [fixture.name, fixture] as const))(
    "says for %s which other namespaces its verdict rests on",
    (_, fixture) => {
      expect(unsaidNamespaces(rule, fixture)).toEqual([]);
    },
  );
});
