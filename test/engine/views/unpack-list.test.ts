import { describe, expect, it } from "vitest";
import { unpackList } from "../../../src/engine/views/unpack-list.ts";

describe("unpackList", () => {
  const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "a" } };

  it("returns an object that is no list alone", () => {
    expect(unpackList(pod)).toEqual([pod]);
    expect(unpackList({ apiVersion: "example.com/v1", kind: "AllowList" })).toEqual([
      { apiVersion: "example.com/v1", kind: "AllowList" },
    ]);
  });

  it("takes items for those of a list only where the kind is one", () => {
    const menu = { apiVersion: "example.com/v1", kind: "Menu", items: [pod] };
    expect(unpackList(menu)).toEqual([menu]);
  });

  it("gives the items of a plain list no type", () => {
    const item = { metadata: { name: "a" } };
    expect(unpackList({ apiVersion: "v1", kind: "List", items: [item] })).toEqual([item]);
  });

  it("unpacks lists in lists and leaves out what is no object", () => {
    const inner = { apiVersion: "v1", kind: "List", items: [pod] };
    expect(unpackList({ apiVersion: "v1", kind: "List", items: [inner, null, "text", pod] })).toEqual([pod, pod]);
  });

  it("gives the items of a typed list its kind", () => {
    const list = { apiVersion: "apps/v1", kind: "DeploymentList", items: [{ metadata: { name: "a" } }] };
    expect(unpackList(list)).toEqual([{ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "a" } }]);
  });
});
