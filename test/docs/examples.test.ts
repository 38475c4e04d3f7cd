import { describe, expect, test } from "vitest";
import type { z } from "zod";
import { kinds } from "../../src/api/kinds.ts";
import { parsePolicySpec } from "../../src/api/parse-policy-spec.ts";
import { compilePolicy } from "../../src/engine/compile-policy.ts";
import { createRegistry } from "../../src/engine/registry.ts";
import { newestRelease } from "../../src/engine/release.ts";
import { rules } from "../../src/rules/index.generated.ts";
import { examples } from "./examples.ts";

const registry = createRegistry(rules);
const ours = examples.filter(({ objects }) => objects.some(({ apiVersion }) => apiVersion.startsWith("pawl.dev/")));
const policies = examples.flatMap(({ at, objects, problems }) =>
  objects.filter(({ kind }) => kind === "Policy").map((policy) => ({ at, policy, problems })),
);

test("README and guides show Policies that work, and some that do not", () => {
  expect(policies.filter(({ problems }) => problems.length === 0).length).toBeGreaterThan(0);
  expect(policies.filter(({ problems }) => problems.length > 0).length).toBeGreaterThan(0);
});

describe.each(policies)("the Policy at $at", ({ policy, problems }) => {
  test("is understood to the last field", () => {
    expect(parsePolicySpec(policy.spec)).toMatchObject({ ok: true, spec: policy.spec });
  });

  test("compiles, or has just the problems that the page names", () => {
    const compiled = compilePolicy(policy, registry, { release: newestRelease });

    expect(compiled.ok ? [] : compiled.problems.map(({ field, message }) => `${field}: ${message}`)).toEqual(problems);
  });
});

test.each(ours)("objects of ours at $at have no field that their kind does not know", ({ objects }) => {
  for (const object of objects) {
    const schema = kinds.find(({ kind }) => kind === object.kind)?.schema as z.ZodType | undefined;
    if (schema !== undefined) expect(schema.parse(object)).toMatchObject(object);
  }
});
