import type { KubeObject } from "../../../src/engine/resource.ts";
import type { ApiClient } from "../../../tools/control-plane/index.ts";

/** A kind as an API server serves it. */
export interface ServedKind {
  /** `/apis/apps/v1` */
  readonly root: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

interface ResourceList {
  readonly resources: readonly { readonly name: string; readonly kind: string; readonly namespaced: boolean }[];
}

/** All kinds that the server serves in these API versions, by `apps/v1 Deployment`. */
export async function servedKinds(
  request: ApiClient["request"],
  apiVersions: Iterable<string>,
): Promise<ReadonlyMap<string, ServedKind>> {
  const { groups } = await request<{ groups: { versions: { groupVersion: string }[] }[] }>("GET", "/apis");
  const served = new Set(groups.flatMap(({ versions }) => versions.map(({ groupVersion }) => groupVersion)));
  const kinds = new Map<string, ServedKind>();
  for (const apiVersion of new Set(apiVersions)) {
    if (apiVersion !== "v1" && !served.has(apiVersion)) continue;
    const root = apiVersion === "v1" ? "/api/v1" : `/apis/${apiVersion}`;
    const { resources } = await request<ResourceList>("GET", root);
    for (const { name, kind, namespaced } of resources)
      if (!name.includes("/")) kinds.set(`${apiVersion} ${kind}`, { root, plural: name, namespaced });
  }
  return kinds;
}

/** `apps/v1 Deployment` */
export function kindKey({ apiVersion, kind }: KubeObject): string {
  return `${String(apiVersion)} ${String(kind)}`;
}
