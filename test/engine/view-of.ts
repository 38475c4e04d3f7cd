import type { KubeObject } from "../../src/engine/resource.ts";
import { type ResourceView, viewResource } from "../../src/engine/views/resource-view.ts";

/** The view of an object `x` in namespace `shop`. @throws Error if it says nothing: the test is wrong then */
export function viewOf(apiVersion: string, kind: string, fields: KubeObject = {}): ResourceView {
  const view = viewResource({ apiVersion, kind, metadata: { name: "x", namespace: "shop" }, ...fields });
  if (view === undefined) throw new Error("the object says nothing");
  return view;
}
