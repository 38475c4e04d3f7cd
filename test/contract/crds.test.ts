import { Buffer } from "node:buffer";
import { load } from "js-yaml";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { crds } from "../../tools/generators/crds.ts";
import { structuralSchema } from "../../tools/generators/structural-schema.ts";

interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly items?: Schema;
  readonly "x-kubernetes-validations"?: readonly object[];
  readonly "x-kubernetes-list-type"?: string;
}

interface CustomResourceDefinition {
  readonly spec: {
    readonly names: { readonly kind: string };
    readonly versions: readonly [{ readonly schema: { readonly openAPIV3Schema: Schema } }];
  };
}

const files = [...(await crds.outputs())].filter(([path]) => path.endsWith(".yaml"));
const definitions = files.map(([path, content]) => {
  const { spec } = load(content) as CustomResourceDefinition;
  return { path, content, kind: spec.names.kind, schema: spec.versions[0].schema.openAPIV3Schema };
});

function* nodes(schema: Schema, path: string): Generator<{ path: string; node: Schema }> {
  yield { path, node: schema };
  for (const [name, child] of Object.entries(schema.properties ?? {})) yield* nodes(child, `${path}.${name}`);
  if (schema.items !== undefined) yield* nodes(schema.items, `${path}[]`);
  if (schema.additionalProperties !== undefined) yield* nodes(schema.additionalProperties, `${path}[*]`);
}

describe.each(definitions)("the CustomResourceDefinition of $kind", ({ path, content, schema }) => {
  const all = [...nodes(schema, "")];

  test("lies in a file named after its plural and group", () => {
    expect(path).toMatch(/^crds\/pawl\.dev_[a-z]+\.yaml$/);
  });

  test("is at most 200 KB", () => {
    expect(Buffer.byteLength(content)).toBeLessThanOrEqual(200_000);
  });

  test("describes every field", () => {
    const silent = all.filter(({ node, path: at }) => node.description === undefined && at !== ".metadata");

    expect(silent.map(({ path: at }) => at)).toEqual([]);
  });

  test("has no default inside a list or map", () => {
    const inside = all.filter(({ node, path: at }) => /\[\*?\]/.test(at) && node.default !== undefined);

    expect(inside.map(({ path: at }) => at)).toEqual([]);
  });

  test("says of every list how it merges", () => {
    const unsaid = all.filter(({ node }) => node.type === "array" && node["x-kubernetes-list-type"] === undefined);

    expect(unsaid.map(({ path: at }) => at)).toEqual([]);
  });
});

test.each(definitions.filter(({ kind }) => kind !== "Policy" && kind !== "ReportSubscription"))(
  "$kind has no CEL and only atomic lists, for it is large and written often",
  ({ schema }) => {
    const all = [...nodes(schema, "")];

    expect(all.filter(({ node }) => node["x-kubernetes-validations"] !== undefined).map(({ path }) => path)).toEqual(
      [],
    );
    expect(new Set(all.map(({ node }) => node["x-kubernetes-list-type"]))).toEqual(new Set([undefined, "atomic"]));
  },
);

test("a file per kind is made", () => {
  expect(definitions.map(({ kind }) => kind).sort()).toEqual([
    "Baseline",
    "ClusterScanReport",
    "ClusterScanReportPart",
    "Policy",
    "ReportSubscription",
    "ScanReport",
    "ScanReportPart",
  ]);
});

describe("what a structural schema cannot say is refused by name", () => {
  const described = z.string().describe("A field.");

  test.each([
    ["a union", z.union([described, z.int()]).describe("A union."), "field needs anyOf"],
    ["a field without a description", z.string(), "field has no description"],
    ["a fraction", z.number().describe("A share."), "field is a number with fractions"],
    ["something of any type", z.unknown().describe("Anything."), "field has no single type"],
    ["a default inside a list", z.array(described.default("x")).describe("A list."), "field[] has a default inside"],
    [
      "a default inside a map",
      z.record(z.string(), z.object({ a: described.default("x") }).describe("A value.")).describe("A map."),
      "field[*].a has a default inside",
    ],
  ])("%s", (_what, field, message) => {
    expect(() => structuralSchema(z.object({ field }).describe("An object."))).toThrow(message);
  });
});
