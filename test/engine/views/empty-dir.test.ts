import { describe, expect, it } from "vitest";
import { emptyDirOf } from "../../../src/engine/views/empty-dir.ts";

describe("the emptyDir of a volume", () => {
  it("is what is written", () => {
    expect(emptyDirOf({ name: "scratch", emptyDir: { sizeLimit: "1Gi" } })).toEqual({ sizeLimit: "1Gi" });
  });

  it.each([{ name: "scratch" }, { name: "scratch", emptyDir: null }, { name: "scratch", configMap: null }, {}])(
    "is empty where there is no source: %j",
    (volume) => {
      expect(emptyDirOf(volume)).toEqual({});
    },
  );

  it.each([
    { name: "config", configMap: {} },
    { name: "host", hostPath: { path: "/" } },
    { name: "odd", emptyDir: 1 },
  ])("is none where there is another source: %j", (volume) => {
    expect(emptyDirOf(volume)).toBeUndefined();
  });
});
