import { pluralOf } from "../../../tools/generators/rbac.ts";
import { waitFor } from "../cluster.ts";
import { untilAllowed } from "./access.ts";
import type { Bench } from "./bench.ts";
import type { Manifest } from "./objects.ts";

export interface CustomKind {
  readonly group: string;
  readonly kind: string;
  /** Default: v1. */
  readonly version?: string;
  /** Default: Namespaced. */
  readonly scope?: "Namespaced" | "Cluster";
}

const definitionPath = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

export interface Definition extends Manifest {
  readonly spec: { readonly versions: readonly [object]; readonly [field: string]: unknown };
}

/** A CustomResourceDefinition that says nothing about its objects: whatever is not metadata may be anything. */
export function definition(custom: CustomKind): Definition {
  const { group, kind, version = "v1", scope = "Namespaced" } = custom;
  const plural = pluralOf(custom.kind);
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: {
      name: `${plural}.${group}`,
      // Groups of Kubernetes' own are protected from those who only borrow the name.
      ...(group.endsWith(".k8s.io") ? { annotations: { "api-approved.kubernetes.io": "unapproved, for tests" } } : {}),
    },
    spec: {
      group,
      scope,
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
        },
      ],
    },
  };
}

/** Installs the kind; resolves when objects of it can be created, and discovery says so. */
export async function installKind(bench: Bench, custom: CustomKind): Promise<void> {
  await bench.apply(definition(custom));
  const { group, kind, version = "v1" } = custom;
  await waitFor(() => bench.request("GET", `/apis/${group}/${version}/${pluralOf(custom.kind)}`), {
    describe: `${kind}.${group} to be served`,
  });
  await waitFor(() => bench.request<ResourceList>("GET", `/apis/${group}/${version}`), {
    describe: `${kind}.${group} to be discoverable`,
    until: ({ resources }) => resources.some((resource) => resource.kind === kind),
  });
}

interface ResourceList {
  readonly resources: readonly { readonly kind: string }[];
}

/** Deletes the kind with all its objects; resolves when it is gone. */
export async function removeKind(bench: Bench, custom: CustomKind): Promise<void> {
  const name = `${pluralOf(custom.kind)}.${custom.group}`;
  await bench.request("DELETE", `${definitionPath}/${name}`);
  await waitFor(async () => (await bench.find(`${definitionPath}/${name}`)) === undefined, {
    describe: `the end of CustomResourceDefinition ${name}`,
  });
}

/** Grants the operator reading of a whole group, by a ClusterRole that is aggregated to its own; resolves when that holds. */
export async function grantScan(bench: Bench, group: string): Promise<void> {
  await bench.apply({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: { name: `scan-${group}`, labels: { "rbac.pawl.dev/aggregate-to-scan": "true" } },
    rules: [{ apiGroups: [group], resources: ["*"], verbs: ["list", "watch"] }],
  });
  await untilAllowed(bench, { group, resource: "anything" }, true);
}

/** Takes back what {@link grantScan} has granted; resolves when that holds. */
export async function revokeScan(bench: Bench, group: string): Promise<void> {
  await bench.request("DELETE", `/apis/rbac.authorization.k8s.io/v1/clusterroles/scan-${group}`);
  await untilAllowed(bench, { group, resource: "anything" }, false);
}

export function customObject(
  { group, kind, version = "v1" }: CustomKind,
  metadata: Manifest["metadata"],
  content: Readonly<Record<string, unknown>> = {},
): Manifest {
  return { apiVersion: `${group}/${version}`, kind, metadata, ...content };
}
