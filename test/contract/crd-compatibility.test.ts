import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { describe, expect, test } from "vitest";
import { narrowed, type Schema } from "./crd-compatibility.ts";

const root = join(import.meta.dirname, "../..");
const fixtures = join(root, "test/fixtures");
const releases = readdirSync(fixtures).filter((name) => /^\d+\.\d+\.\d+$/.test(name));

interface Crd {
  readonly spec: {
    readonly versions: readonly { readonly name: string; readonly schema: { readonly openAPIV3Schema: Schema } }[];
  };
}

function schemas(file: string): ReadonlyMap<string, Schema> {
  const { spec } = load(readFileSync(file, "utf8")) as Crd;
  return new Map(spec.versions.map(({ name, schema }) => [name, schema.openAPIV3Schema]));
}

describe.each(releases)("what %s has stored", (release) => {
  const folder = join(fixtures, release, "crds");

  test.each(readdirSync(folder))("is taken whole by today's %s", (file) => {
    const today = schemas(join(root, "crds", file));
    for (const [version, old] of schemas(join(folder, file))) {
      const next = today.get(version);
      expect(next, `version ${version} is served`).toBeDefined();
      if (next !== undefined) expect(narrowed(old, next)).toEqual([]);
    }
  });
});

describe("a schema is narrower", () => {
  const spec = (field: Schema): Schema => ({ type: "object", properties: { spec: field } });

  test.each<[string, Schema, Schema, string]>([
    ["when a field is gone", spec({ type: "string" }), { type: "object", properties: {} }, "spec: is gone"],
    ["when a type is another", spec({ type: "string" }), spec({ type: "integer" }), "spec: type string became integer"],
    [
      "when a field becomes required",
      spec({ type: "object", properties: { a: {} } }),
      spec({ type: "object", properties: { a: {} }, required: ["a"] }),
      "spec: a became required",
    ],
    ["when a value is taken no more", spec({ enum: ["A", "B"] }), spec({ enum: ["A"] }), 'spec: "B" is taken no more'],
    ["when values are counted up", spec({}), spec({ enum: ["A"] }), "spec: an enumeration appeared"],
    ["when a limit falls", spec({ maxLength: 64 }), spec({ maxLength: 63 }), "spec: maxLength fell from 64 to 63"],
    ["when a limit appears", spec({}), spec({ maxItems: 5 }), "spec: maxItems fell from Infinity to 5"],
    ["when a least value rises", spec({ minimum: 0 }), spec({ minimum: 1 }), "spec: minimum rose from 0 to 1"],
    ["when a pattern changes", spec({ pattern: "a" }), spec({ pattern: "b" }), "spec: pattern a became b"],
    [
      "when a rule appears",
      spec({}),
      spec({ "x-kubernetes-validations": [{ rule: "self.a" }] }),
      "spec: the rule appeared: self.a",
    ],
    [
      "when an element of a list is narrower",
      spec({ type: "array", items: { maxLength: 2 } }),
      spec({ type: "array", items: { maxLength: 1 } }),
      "spec[]: maxLength fell from 2 to 1",
    ],
    [
      "when a value of a map is narrower",
      spec({ type: "object", additionalProperties: { type: "string" } }),
      spec({ type: "object", additionalProperties: { type: "integer" } }),
      "spec.*: type string became integer",
    ],
  ])("%s", (_, old, next, line) => {
    expect(narrowed(old, next)).toEqual([line]);
  });

  test("not when it takes more", () => {
    const old = spec({ enum: ["A"], maxLength: 1, minimum: 2, properties: { a: {} }, required: ["a"] });
    const next = spec({ enum: ["A", "B"], maxLength: 2, minimum: 1, properties: { a: {}, b: {} } });
    expect(narrowed(old, next)).toEqual([]);
  });
});
