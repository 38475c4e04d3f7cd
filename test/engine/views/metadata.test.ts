import { describe, expect, it } from "vitest";
import { metadataOf } from "../../../src/engine/views/metadata.ts";
import { viewOf } from "../view-of.ts";

const metadata = { name: "x", namespace: "shop" };

describe("the metadata of a resource", () => {
  it("is the object's own, then that of its pod template", () => {
    const template = { metadata: { labels: { app: "web" } }, spec: {} };
    expect(metadataOf(viewOf("apps/v1", "Deployment", { spec: { template } }))).toEqual([
      { on: "object", path: "metadata", metadata },
      { on: "template", path: "spec.template.metadata", metadata: template.metadata },
    ]);
  });

  it.each([
    ["v1", "Pod"],
    ["v1", "ConfigMap"],
  ])("is one for %s %s", (apiVersion, kind) => {
    expect(metadataOf(viewOf(apiVersion, kind))).toEqual([{ on: "object", path: "metadata", metadata }]);
  });
});
