import { describe, expect, it } from "vitest";
import type { KubeObject } from "../../../src/engine/resource.ts";
import { viewResource } from "../../../src/engine/views/resource-view.ts";
import { scannedStrings } from "../../../src/engine/views/scanned-strings.ts";

/** What is scanned, by its place. */
function scanned(object: KubeObject): Record<string, readonly string[]> {
  const view = viewResource({ apiVersion: "example.com/v1", kind: "Thing", metadata: { name: "x" }, ...object });
  if (view === undefined) throw new Error("the object says nothing");
  const byPlace = Map.groupBy(
    scannedStrings(view, () => true),
    (one) => one.path,
  );
  const { apiVersion: _, kind: __, "metadata.name": ___, ...rest } = Object.fromEntries(byPlace);
  return Object.fromEntries(Object.entries(rest).map(([path, found]) => [path, found.map(({ text }) => text)]));
}

describe("scanned strings", () => {
  it("are found at any depth, named by their place", () => {
    expect(scanned({ spec: { a: { "b.c/d": "text", n: 1 } }, webhooks: [{ name: "w", url: "u" }] })).toEqual({
      'spec.a["b.c/d"]': ["text"],
      "webhooks[name=w].name": ["w"],
      "webhooks[name=w].url": ["u"],
    });
  });

  it("in a list without merge key are all found at the list", () => {
    expect(scanned({ spec: { steps: [{ run: "a", more: ["b", ["c"]] }, "d"] } })).toEqual({
      "spec.steps": ["a", "b", "c", "d"],
    });
  });

  it("of a pod spec are named without the way to it", () => {
    const template = { spec: { containers: [{ name: "app", args: ["a"] }] } };
    expect(scanned({ apiVersion: "apps/v1", kind: "Deployment", spec: { template } })).toEqual({
      "containers[name=app].name": ["app"],
      "containers[name=app].args": ["a"],
    });
  });

  it("carry the name where it tells what the value is", () => {
    expect(
      scanned({
        apiVersion: "v1",
        kind: "ConfigMap",
        data: { A: "1" },
        metadata: { name: "x", annotations: { B: "2" } },
      }),
    ).toEqual({
      "data.A": ["A=1"],
      "metadata.annotations.B": ["B=2"],
    });
  });

  it("carry the name of env entries, wherever they are", () => {
    expect(
      scanned({ spec: { steps: [{ env: [{ name: "A", value: "1" }] }], env: [{ name: "B", value: "2" }] } }),
    ).toEqual({
      "spec.steps": ["A", "A=1"],
      "spec.env[name=B].value": ["B=2"],
      "spec.env[name=B].name": ["B"],
    });
  });

  it("keep prototype keys apart", () => {
    expect(scanned({ spec: JSON.parse('{"__proto__": "a", "constructor": "b"}') })).toEqual({
      "spec.__proto__": ["a"],
      "spec.constructor": ["b"],
    });
  });
});
