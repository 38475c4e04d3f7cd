/** A kind as one API version serves it: all that is needed to address it. */
export interface ApiType {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** The plural in the path: `deployments`. */
  readonly plural: string;
  readonly namespaced: boolean;
}

/** Names one object of a type. `namespace` is empty for cluster-scoped ones. */
export interface ObjectKey {
  readonly namespace: string;
  readonly name: string;
}

/** `Deployment.apps`; the core group has no suffix: `Pod`. */
export function typeName(type: Pick<ApiType, "group" | "kind">): string {
  return type.group === "" ? type.kind : `${type.kind}.${type.group}`;
}

/** `apps/v1`, `v1`. */
export function apiVersion(type: Pick<ApiType, "group" | "version">): string {
  return type.group === "" ? type.version : `${type.group}/${type.version}`;
}

/** Path of all objects of a type, in one namespace or (empty) in all. */
export function collectionPath(type: ApiType, namespace: string): string {
  const root = type.group === "" ? `/api/${type.version}` : `/apis/${type.group}/${type.version}`;
  const scope = namespace === "" || !type.namespaced ? "" : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${root}${scope}/${type.plural}`;
}

/** Path of one object. Throws TypeError where the key does not fit the scope of the type. */
export function objectPath(type: ApiType, key: ObjectKey): string {
  if (key.name === "") throw new TypeError(`${typeName(type)}: a name is needed to address one object`);
  if (type.namespaced && key.namespace === "")
    throw new TypeError(`${typeName(type)}/${key.name}: a namespaced object needs its namespace`);
  return `${collectionPath(type, key.namespace)}/${encodeURIComponent(key.name)}`;
}
