import { describe, expect, it } from "vitest";
import { rules } from "../../src/rules/index.generated.ts";
import { edgeParameters } from "./parameters.ts";

describe.each(edgeParameters.map((edge) => [edge.rule, edge] as const))("%s", (id, { taken = [], refused = [] }) => {
  const rule = rules.find((one) => one.id === id);

  it.each(taken.map((params) => [JSON.stringify(params), params] as const))("takes %s", (_, params) => {
    expect(rule?.params.safeParse(params).success).toBe(true);
  });

  it.each(refused.map((params) => [JSON.stringify(params), params] as const))("refuses %s", (_, params) => {
    expect(rule?.params.safeParse(params).success).toBe(false);
  });
});
