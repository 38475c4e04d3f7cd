import { describe, expect, it } from "vitest";
import { pointerTo, setField } from "../../src/engine/patch.ts";

describe("a pointer", () => {
  it("names fields and elements from the document on", () => {
    expect(pointerTo("/spec", "containers", 0, "image")).toBe("/spec/containers/0/image");
  });

  it("is the base without steps", () => {
    expect(pointerTo("")).toBe("");
  });

  it("escapes what has a meaning in it", () => {
    expect(pointerTo("", "metadata", "labels", "a~b/c~1/")).toBe("/metadata/labels/a~0b~1c~01~1");
  });
});

describe("setting a field", () => {
  it("writes it into the mapping that is there", () => {
    const fields = { resources: { requests: { memory: "1Gi" } } };
    expect(setField("/spec", fields, ["resources", "requests", "cpu"], "1")).toEqual({
      op: "add",
      path: "/spec/resources/requests/cpu",
      value: "1",
    });
  });

  it("makes the mappings that are missing, null or no mapping", () => {
    const value = { requests: { cpu: "1" } };
    for (const fields of [undefined, {}, { resources: null }, { resources: [] }, { resources: "x" }])
      expect(setField("/spec", fields, ["resources", "requests", "cpu"], "1")).toEqual({
        op: "add",
        path: "/spec/resources",
        value,
      });
  });

  it("replaces what is there", () => {
    expect(setField("", { kind: "Pod" }, ["kind"], "Job")).toEqual({ op: "add", path: "/kind", value: "Job" });
  });
});
