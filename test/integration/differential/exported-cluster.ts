import { compilePolicy } from "../../../src/engine/compile-policy.ts";
import type { CompiledPolicy } from "../../../src/engine/compiled-policy.ts";
import { isNeverWatched } from "../../../src/engine/kind-scope.ts";
import { createRegistry } from "../../../src/engine/registry.ts";
import type { Release } from "../../../src/engine/release.ts";
import { type KindName, type KubeObject, kindName } from "../../../src/engine/resource.ts";
import { rules } from "../../../src/rules/index.generated.ts";
import type { Bench } from "../operator/bench.ts";

/** What the API server holds, as `kubectl get` would give it: read with plain lists, by nothing that the operator reads with. */
export interface ExportedCluster {
  /** Policies in force, by name, compiled from the spec that their status names. */
  readonly policies: ReadonlyMap<string, ExportedPolicy>;
  /** Kinds that the API server serves and that some policy judges or reads, and Namespaces, which name owners. */
  readonly kinds: ReadonlySet<KindName>;
  /** Every object of these kinds. */
  readonly objects: readonly KubeObject[];
  readonly namespaces: ReadonlyMap<string, ExportedNamespace>;
}

export interface ExportedPolicy {
  readonly compiled: CompiledPolicy;
  readonly baselineTakenAt: string | undefined;
}

export interface ExportedNamespace {
  readonly labels: ReadonlyMap<string, string>;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly terminating: boolean;
}

interface Metadata {
  readonly name: string;
  readonly uid: string;
  readonly generation: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly creationTimestamp: string;
  readonly deletionTimestamp?: string;
}

interface PolicyObject {
  readonly metadata: Metadata;
  readonly status?: {
    readonly inForce?: { readonly generation: number; readonly spec: unknown };
    readonly baselineTakenAt?: string;
  };
}

interface ResourceList {
  readonly resources: readonly {
    readonly name: string;
    readonly kind: string;
    readonly verbs: readonly string[];
  }[];
}

interface GroupList {
  readonly groups: readonly {
    readonly name: string;
    readonly preferredVersion: { readonly groupVersion: string };
  }[];
}

interface ServedKind {
  readonly kind: KindName;
  readonly apiVersion: string;
  readonly path: string;
}

const registry = createRegistry(rules);

/** Reads everything that the policies in force judge or read. Throws when a Policy has no spec in force that compiles. */
export async function exportCluster(bench: Bench): Promise<ExportedCluster> {
  const policies = await exportPolicies(bench);
  const inForce = [...policies.values()].map(({ compiled }) => compiled);
  const served = (await servedKinds(bench)).filter(
    ({ kind }) => kind === "Namespace" || inForce.some((policy) => policy.judges(kind) || policy.reads.includes(kind)),
  );
  const lists = await Promise.all(served.map((kind) => exportKind(bench, kind)));
  const namespaces = await listAll<{ readonly metadata: Metadata }>(bench, "/api/v1/namespaces");
  return {
    policies,
    kinds: new Set(served.map(({ kind }) => kind)),
    objects: lists.flat(),
    namespaces: new Map(namespaces.map(({ metadata }) => [metadata.name, namespaceOf(metadata)])),
  };
}

function namespaceOf({ labels = {}, creationTimestamp, deletionTimestamp }: Metadata): ExportedNamespace {
  return {
    labels: new Map(Object.entries(labels)),
    createdAt: Date.parse(creationTimestamp),
    terminating: deletionTimestamp !== undefined,
  };
}

async function exportPolicies(bench: Bench): Promise<ReadonlyMap<string, ExportedPolicy>> {
  const { major, minor } = await bench.request<{ readonly major: string; readonly minor: string }>("GET", "/version");
  const release = { major: Number.parseInt(major, 10), minor: Number.parseInt(minor, 10) };
  const objects = await listAll<PolicyObject>(bench, "/apis/pawl.dev/v1alpha1/policies");
  return new Map(objects.map((object) => [object.metadata.name, policyOf(object, release)]));
}

function policyOf({ metadata, status }: PolicyObject, release: Release): ExportedPolicy {
  const { name, uid, generation } = metadata;
  if (status?.inForce?.generation !== generation)
    throw new Error(`generation ${generation} of Policy ${name} is not in force`);
  const result = compilePolicy({ metadata: { name, uid, generation }, spec: status.inForce.spec }, registry, {
    release,
    secretMetadata: false,
    manifests: false,
  });
  if (!result.ok) throw new Error(`Policy ${name} does not compile: ${JSON.stringify(result.problems)}`);
  return { compiled: result.policy, baselineTakenAt: status.baselineTakenAt };
}

/** Kinds that can be listed, each in the version that the server prefers. */
async function servedKinds(bench: Bench): Promise<readonly ServedKind[]> {
  const { groups } = await bench.request<GroupList>("GET", "/apis");
  const versions = [
    { group: "", apiVersion: "v1", path: "/api/v1" },
    ...groups.map(({ name, preferredVersion: { groupVersion } }) => ({
      group: name,
      apiVersion: groupVersion,
      path: `/apis/${groupVersion}`,
    })),
  ];
  const kinds = await Promise.all(
    versions.map(async ({ group, apiVersion, path }) => {
      const { resources } = await bench.request<ResourceList>("GET", path);
      return resources
        .filter(({ name, verbs }) => !name.includes("/") && verbs.includes("list"))
        .map(({ name, kind }) => ({ kind: kindName(group, kind), apiVersion, path: `${path}/${name}` }));
    }),
  );
  return kinds.flat().filter(({ kind }) => !isNeverWatched(kind));
}

async function exportKind(bench: Bench, { kind, apiVersion, path }: ServedKind): Promise<readonly KubeObject[]> {
  const objects = await listAll<object>(bench, path);
  // Items of a list do not say what they are.
  return objects.map((object) => ({ ...object, apiVersion, kind: kind.split(".", 1)[0] }));
}

/** Every item, page by page. */
export async function listAll<T>(bench: Bench, path: string): Promise<readonly T[]> {
  const items: T[] = [];
  let token = "";
  do {
    const page = await bench.request<{
      readonly metadata: { readonly continue?: string };
      readonly items: readonly T[];
    }>("GET", `${path}?limit=500${token === "" ? "" : `&continue=${encodeURIComponent(token)}`}`);
    items.push(...page.items);
    token = page.metadata.continue ?? "";
  } while (token !== "");
  return items;
}
