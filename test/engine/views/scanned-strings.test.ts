import { describe, expect, it } from "vitest";
import type { KubeObject } from "../../../src/engine/resource.ts";
import type { Fields } from "../../../src/engine/views/fields.ts";
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

  it("carry no name elsewhere", () => {
    expect(
      scanned({
        data: { A: "1" },
        spec: {
          annotations: { B: "2" },
          steps: [{ name: "C", value: "3" }],
          env: [{ value: "4", valueFrom: { value: "5" }, more: [{ value: "6" }] }],
        },
      }),
    ).toEqual({
      "data.A": ["1"],
      "spec.annotations.B": ["2"],
      "spec.steps": ["C", "3"],
      "spec.env": ["=4", "5", "6"],
    });
  });

  it("of a pod template carry the names of its annotations, and what stands behind the pod spec its whole way", () => {
    const template = {
      metadata: { annotations: { A: "1" }, labels: { B: "2" } },
      spec: { nodeName: "n" },
    };
    expect(scanned({ apiVersion: "apps/v1", kind: "Deployment", spec: { template, strategy: { type: "t" } } })).toEqual(
      {
        "spec.template.metadata.annotations.A": ["A=1"],
        "spec.template.metadata.labels.B": ["2"],
        nodeName: ["n"],
        "spec.strategy.type": ["t"],
      },
    );
  });

  it("leave out what repeats or describes something else", () => {
    const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";
    expect(
      scanned({
        metadata: { name: "x", annotations: { [lastApplied]: "a" }, managedFields: [{ manager: "b" }] },
        spec: { [lastApplied]: "c", caBundle: "d", nested: { caBundle: { pem: "e" }, status: { phase: "f" } } },
        status: { phase: "g", conditions: [{ message: "h" }] },
      }),
    ).toEqual({ [`spec["${lastApplied}"]`]: ["c"], "spec.nested.status.phase": ["f"] });
  });

  it("leave out the descriptions in CRD schemas alone", () => {
    const schema = { description: "a", properties: { size: { description: "b", type: "integer" } } };
    expect(scanned({ apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", schema })).toEqual({
      "schema.properties.size.type": ["integer"],
    });
    expect(scanned({ spec: { description: "a" } })).toEqual({ "spec.description": ["a"] });
  });

  it("of a Secret are none", () => {
    expect(scanned({ apiVersion: "v1", kind: "Secret", stringData: { A: "1" } })).toEqual({});
  });

  it("are those of which the name or the value is wanted", () => {
    const env = ["A", "B", "C"].map((name) => ({ name, value: `${name}1` }));
    const view = viewResource({
      apiVersion: "example.com/v1",
      kind: "Thing",
      metadata: { name: "x", annotations: { A: "1", C: "2" } },
      spec: { env, args: ["A", "C"], a: "A", c: "C" },
    });
    const wanted = view && scannedStrings(view, (text) => text === "A" || text === "B1");
    expect(wanted?.map(({ text, path }) => [path, text])).toEqual([
      ["metadata.annotations.A", "A=1"],
      ["spec.env[name=A].name", "A"],
      ["spec.env[name=A].value", "A=A1"],
      ["spec.env[name=B].value", "B=B1"],
      ["spec.args", "A"],
      ["spec.a", "A"],
    ]);
  });

  it("are as long as is asked for, unless they have a name", () => {
    const view = viewResource({
      apiVersion: "example.com/v1",
      kind: "Thing",
      metadata: { name: "x", annotations: { A: "1" } },
      spec: { env: [{ name: "B", value: "2" }], args: ["port", "short"], a: "port", b: "short" },
    });
    const wanted = view && scannedStrings(view, (text) => text.length < 3 || text.endsWith("t"), 5);
    expect(wanted?.map(({ text }) => text)).toEqual(["A=1", "B=2", "short", "short"]);
  });

  it("in a list of lists are found at the outer one, whatever its name", () => {
    expect(scanned({ env: [[{ name: "A", value: "1" }], null, 1] })).toEqual({ env: ["A", "1"] });
  });

  it("are found down to 256 levels of fields or lists", () => {
    const texts = (levels: number, innermost: Fields) => {
      let nested = innermost;
      for (let level = 0; level < levels; level++) nested = { a: nested };
      return Object.values(scanned(nested)).flat();
    };
    const lists = { list: ["in the list", { text: "below" }, [["lower"]]] };
    expect(texts(255, { text: "there" })).toEqual(["there"]);
    expect(texts(256, { text: "too deep" })).toEqual([]);
    expect(texts(253, lists)).toEqual(["in the list", "below", "lower"]);
    expect(texts(254, lists)).toEqual(["in the list", "below"]);
    expect(texts(255, lists)).toEqual(["in the list"]);
  });

  it.each([
    ["fields", (nested: unknown) => ({ a: nested })],
    ["lists", (nested: unknown) => [nested]],
    ["env entries", (nested: unknown) => ({ env: [nested] })],
  ])("survive hostile nesting of %s", (_, around) => {
    let nested: unknown = "lost";
    for (let level = 0; level < 20_000; level++) nested = around(nested);
    expect(scanned({ spec: { nested, text: "there" } })).toEqual({ "spec.text": ["there"] });
  });

  it("keep prototype keys apart", () => {
    expect(scanned({ spec: JSON.parse('{"__proto__": "a", "constructor": "b"}') })).toEqual({
      "spec.__proto__": ["a"],
      "spec.constructor": ["b"],
    });
  });
});
