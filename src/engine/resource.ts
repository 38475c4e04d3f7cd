/** A Kubernetes object as it came over the wire. Nothing in it is trusted to have the right type. */
export type KubeObject = { readonly [field: string]: unknown };

/** Kind and group, spelled `Deployment.apps`; the core group has no suffix: `Pod`. Never a version. */
export type KindName = string;

/** Who an object is, over any API version and any file. `namespace` is empty for cluster-scoped objects. */
export interface ResourceId {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** Spells kind and group as users and reports do: `Deployment.apps`, `Pod`. */
export function kindName(group: string, kind: string): KindName {
  return group === "" ? kind : `${kind}.${group}`;
}

/** Reads `Deployment.apps` back. The kind has no dot, so the first one parts it from the group. */
export function parseKindName(name: KindName): { readonly group: string; readonly kind: string } {
  const dot = name.indexOf(".");
  return dot < 0 ? { group: "", kind: name } : { group: name.slice(dot + 1), kind: name.slice(0, dot) };
}

/** A resource inside one ledger, where the namespace is known: `Deployment.apps/checkout`. */
export type ResourceRef = string;

export function resourceRef(id: Pick<ResourceId, "group" | "kind" | "name">): ResourceRef {
  return `${kindName(id.group, id.kind)}/${id.name}`;
}

/** The kind part of a ref: no kind, group or object name holds a slash. */
export function refKind(ref: ResourceRef): KindName {
  return ref.slice(0, ref.indexOf("/"));
}

export function refName(ref: ResourceRef): string {
  return ref.slice(ref.indexOf("/") + 1);
}
