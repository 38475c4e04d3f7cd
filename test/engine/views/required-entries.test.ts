import { describe, expect, it } from "vitest";
import { requiredEntryProblems } from "../../../src/engine/views/required-entries.ts";
import { viewResource } from "../../../src/engine/views/resource-view.ts";

const metadata = { name: "x", labels: { owner: "shop", empty: "", long: "a".repeat(80) } };
const template = { metadata: { labels: { owner: 7 }, annotations: { owner: "pay" } } };

function problems(
  field: "labels" | "annotations",
  entries: Parameters<typeof requiredEntryProblems>[2],
  on: Parameters<typeof requiredEntryProblems>[3] = "object",
) {
  const view = viewResource({ apiVersion: "apps/v1", kind: "Deployment", metadata, spec: { template } });
  return view && requiredEntryProblems(view, field, entries, on);
}

describe("required entries", () => {
  it("may be missing, empty, or of the wrong form", () => {
    const wanted = ["owner", "gone", "empty", { key: "owner", pattern: "sho" }, { key: "owner", pattern: "sh.*" }];
    expect(problems("labels", wanted)).toEqual([
      { messageId: "missing", path: "metadata.labels", key: "gone", value: "none", pattern: "" },
      { messageId: "empty", path: "metadata.labels", key: "empty", value: "", pattern: "" },
      { messageId: "mismatch", path: "metadata.labels", key: "owner", value: "shop", pattern: "sho" },
    ]);
  });

  it("show at most 64 characters of a value", () => {
    expect(problems("labels", [{ key: "long", pattern: "b" }])?.[0]?.value).toHaveLength(64);
  });

  it("are asked of the object, of its pod template, or of both", () => {
    const places = (on: "object" | "template" | "both") =>
      problems("annotations", ["contact"], on)?.map(({ path }) => path);
    expect(places("object")).toEqual(["metadata.annotations"]);
    expect(places("template")).toEqual(["spec.template.metadata.annotations"]);
    expect(places("both")).toEqual(["metadata.annotations", "spec.template.metadata.annotations"]);
  });

  it("asked of the template of a Pod are asked of the Pod", () => {
    const view = viewResource({ apiVersion: "v1", kind: "Pod", metadata: { name: "x" } });
    expect(view && requiredEntryProblems(view, "labels", ["owner"], "template")).toMatchObject([
      { messageId: "missing", path: "metadata.labels" },
    ]);
  });

  it("count only as text, and only in their own field", () => {
    expect(problems("labels", ["owner"], "template")).toMatchObject([{ messageId: "missing" }]);
    expect(problems("annotations", ["owner"], "template")).toEqual([]);
  });
});
