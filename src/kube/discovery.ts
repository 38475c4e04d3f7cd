import type { ApiType } from "./api-type.ts";
import { typeName } from "./api-type.ts";
import type { KubeClient } from "./client.ts";
import {
  type ApiGroup,
  type ApiVersion,
  readAggregated,
  readGroupList,
  readResourceList,
} from "./discovery-formats.ts";
import { ApiError, KubeError, NotFoundError } from "./errors.ts";
import { isRecord, text } from "./object.ts";

/** A kind as the API server offers it, in the version that the server prefers among those that have it. */
export interface ServedType extends ApiType {
  /** `list`, `watch`, …, sorted. */
  readonly verbs: readonly string[];
  /** All versions that have this kind, the preferred one first. */
  readonly versions: readonly string[];
}

export interface Discovery {
  /** By kind and group: `Deployment.apps`, `Pod`. Sorted. */
  readonly types: ReadonlyMap<string, ServedType>;
  /** Groups that could not be asked in full, and why: a kind missing from these may be served all the same. */
  readonly failedGroups: ReadonlyMap<string, string>;
}

export interface ServerVersion {
  readonly major: number;
  readonly minor: number;
  /** `v1.36.3`. */
  readonly gitVersion: string;
}

/** What is known of a kind. `unknown`: its group could not be asked. */
export type Served = ServedType | "not-served" | "unknown";

const AGGREGATED = ["v2", "v2beta1"]
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .concat("application/json")
  .join(",");

/** Asks for all that is served. Throws KubeError when the server as a whole does not answer. */
export async function discover(client: KubeClient, signal?: AbortSignal): Promise<Discovery> {
  const groups = [...(await coreGroup(client, signal)), ...(await namedGroups(client, signal))];
  const types = new Map<string, ServedType>();
  const failedGroups = new Map<string, string>();
  for (const group of groups) {
    for (const version of group.versions) {
      if (version.failure !== null && !failedGroups.has(group.name)) failedGroups.set(group.name, version.failure);
      for (const resource of version.resources) {
        const type = { group: group.name, version: version.name, ...resource };
        const name = typeName(type);
        const preferred = types.get(name);
        if (preferred === undefined) types.set(name, { ...type, versions: [version.name] });
        else types.set(name, { ...preferred, versions: [...preferred.versions, version.name] });
      }
    }
  }
  return { types: sorted(types), failedGroups: sorted(failedGroups) };
}

/** Looks up `Deployment.apps`. Tells a kind that is not served from one that could not be asked for. */
export function lookUp(discovery: Discovery, name: string): Served {
  const type = discovery.types.get(name);
  if (type !== undefined) return type;
  const dot = name.indexOf(".");
  return discovery.failedGroups.has(dot < 0 ? "" : name.slice(dot + 1)) ? "unknown" : "not-served";
}

/** Throws KubeError. */
export async function serverVersion(client: KubeClient, signal?: AbortSignal): Promise<ServerVersion> {
  const answer = await client.request({ method: "GET", path: "/version", signal });
  const version = isRecord(answer) ? answer : {};
  // Managed clusters say `36+`.
  return {
    major: Number.parseInt(text(version.major), 10) || 0,
    minor: Number.parseInt(text(version.minor), 10) || 0,
    gitVersion: text(version.gitVersion),
  };
}

async function coreGroup(client: KubeClient, signal: AbortSignal | undefined): Promise<ApiGroup[]> {
  const answer = await client.request({ method: "GET", path: "/api", accept: AGGREGATED, signal });
  return readAggregated(answer) ?? [await askVersions(client, { name: "", versions: ["v1"] }, signal)];
}

async function namedGroups(client: KubeClient, signal: AbortSignal | undefined): Promise<ApiGroup[]> {
  const answer = await client.request({ method: "GET", path: "/apis", accept: AGGREGATED, signal });
  const aggregated = readAggregated(answer);
  if (aggregated !== null) return aggregated;
  return Promise.all(readGroupList(answer).map((group) => askVersions(client, group, signal)));
}

/** Servers before 1.26 and some proxies: one request a group and version. */
async function askVersions(
  client: KubeClient,
  group: { readonly name: string; readonly versions: readonly string[] },
  signal: AbortSignal | undefined,
): Promise<ApiGroup> {
  const versions = await Promise.all(
    group.versions.map(async (name): Promise<ApiVersion> => {
      const path = group.name === "" ? `/api/${name}` : `/apis/${group.name}/${name}`;
      try {
        const answer = await client.request({ method: "GET", path, signal });
        return { name, failure: null, resources: readResourceList(answer) };
      } catch (error) {
        // A group that was removed in between is not served; anything else says nothing about its kinds.
        if (error instanceof NotFoundError) return { name, failure: null, resources: [] };
        if (!(error instanceof KubeError)) throw error;
        return {
          name,
          failure: error instanceof ApiError ? `${error.status} ${error.reason}` : error.message,
          resources: [],
        };
      }
    }),
  );
  return { name: group.name, versions };
}

/** True when both say the same. */
export function sameDiscovery(a: Discovery, b: Discovery): boolean {
  return (
    JSON.stringify([...a.types]) === JSON.stringify([...b.types]) &&
    JSON.stringify([...a.failedGroups]) === JSON.stringify([...b.failedGroups])
  );
}

function sorted<V>(map: Map<string, V>): Map<string, V> {
  return new Map([...map].sort(([a], [b]) => (a < b ? -1 : 1)));
}
