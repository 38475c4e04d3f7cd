import type { KubeObject } from "../../../src/engine/resource.ts";
import { type ApiClient, ApiStatusError } from "../../../tools/control-plane/index.ts";
import { waitFor } from "../cluster.ts";

/** A CustomResourceDefinition, as far as it is read here. */
export interface Definition extends KubeObject {
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: { readonly group: string; readonly names: { readonly kind: string } };
}

/** `HTTPRoute.gateway.networking.k8s.io` */
export function definedKind({ spec: { group, names } }: Definition): string {
  return `${names.kind}.${group}`;
}

/**
 * Stubs of the kinds that nothing else defines: CustomResourceDefinitions that keep whatever an object holds and fill in
 * nothing.
 */
export function stubDefinitions(
  objects: readonly KubeObject[],
  isDefined: (kind: string, group: string) => boolean,
): readonly Definition[] {
  const versions = new Map<string, Set<string>>();
  for (const { apiVersion, kind } of objects) {
    const [group = "", version] = String(apiVersion).split("/");
    const key = `${String(kind)}.${group}`;
    // A group without a dot is one of Kubernetes' own, if only a former one.
    if (version === undefined || !group.includes(".") || isDefined(key, group)) continue;
    versions.set(key, (versions.get(key) ?? new Set()).add(version));
  }
  return [...versions].map(([key, found]) => stub(key, [...found].sort()));
}

function stub(key: string, versions: readonly string[]): Definition {
  const kind = key.slice(0, key.indexOf("."));
  const group = key.slice(kind.length + 1);
  const plural = `${kind.toLowerCase()}s`;
  const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };
  const spec = {
    group,
    scope: kind.startsWith("Cluster") ? "Cluster" : "Namespaced",
    names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
    versions: versions.map((name, at) => ({ name, served: true, storage: at === 0, schema })),
  };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: {
      name: `${plural}.${group}`,
      annotations: { "api-approved.kubernetes.io": "unapproved, a stub for tests" },
    },
    spec,
  };
}

/** Installs them; resolves when each is established. What the server takes for no legal kind is left out. */
export async function installDefinitions(
  request: ApiClient["request"],
  definitions: readonly Definition[],
): Promise<void> {
  const root = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  const installed: string[] = [];
  for (const one of definitions) {
    try {
      await request("POST", root, one);
      installed.push(one.metadata.name);
    } catch (error) {
      if (!(error instanceof ApiStatusError) || error.status !== 422) throw error;
    }
  }
  for (const name of installed)
    await waitFor(() => request<Established>("GET", `${root}/${name}`), {
      describe: `${name} to be established`,
      until: ({ status }) =>
        status?.conditions?.some(({ type, status: is }) => type === "Established" && is === "True") ?? false,
    });
}

interface Established {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}
