import type { KubeObject } from "../../../src/engine/resource.ts";
import { type ApiClient, ApiStatusError } from "../../../tools/control-plane/index.ts";
import { waitFor } from "../cluster.ts";

/**
 * Stubs of other projects' kinds: CustomResourceDefinitions that keep whatever an object holds and fill in nothing. What
 * the real ones would default is not tested by them.
 */
export function stubDefinitions(objects: readonly KubeObject[], isServed: (group: string) => boolean): readonly Stub[] {
  const versions = new Map<string, Set<string>>();
  for (const { apiVersion, kind } of objects) {
    const [group = "", version] = String(apiVersion).split("/");
    // A group without a dot is one of Kubernetes' own, if only a former one.
    if (version === undefined || !group.includes(".") || isServed(group)) continue;
    const key = `${String(kind)}.${group}`;
    versions.set(key, (versions.get(key) ?? new Set()).add(version));
  }
  return [...versions].map(([key, found]) => stub(key, [...found].sort()));
}

export interface Stub extends KubeObject {
  readonly metadata: { readonly name: string; readonly annotations: Readonly<Record<string, string>> };
}

function stub(key: string, versions: readonly string[]): Stub {
  const kind = key.slice(0, key.indexOf("."));
  const group = key.slice(kind.length + 1);
  const plural = `${kind.toLowerCase()}s`;
  const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: {
      name: `${plural}.${group}`,
      annotations: { "api-approved.kubernetes.io": "unapproved, a stub for tests" },
    },
    spec: {
      group,
      scope: kind.startsWith("Cluster") ? "Cluster" : "Namespaced",
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: versions.map((name, at) => ({ name, served: true, storage: at === 0, schema })),
    },
  };
}

/** Installs them; resolves when each is established. What the server takes for no legal kind is left out. */
export async function installStubs(request: ApiClient["request"], stubs: readonly Stub[]): Promise<void> {
  const root = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  const installed: string[] = [];
  for (const one of stubs) {
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
