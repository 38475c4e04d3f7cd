import type { KubeObject } from "../resource.ts";
import { isFields, listAt, textAt } from "./fields.ts";

/**
 * The objects in a `List`, or in a typed one such as `DeploymentList`, whose items leave their kind to it; an object that
 * is no list is returned alone. Lists in lists are unpacked too. What is no mapping is left out.
 */
export function unpackList(object: KubeObject): readonly KubeObject[] {
  const kind = textAt(object, "kind") ?? "";
  if (!kind.endsWith("List") || !Array.isArray(object.items)) return [object];
  const itemKind = kind.slice(0, -"List".length);
  return listAt(object, "items")
    .filter(isFields)
    .flatMap((item) => unpackList(itemKind === "" ? item : withType(item, object.apiVersion, itemKind)));
}

function withType(item: KubeObject, apiVersion: unknown, kind: string): KubeObject {
  return { ...item, apiVersion: item.apiVersion ?? apiVersion, kind: item.kind ?? kind };
}
