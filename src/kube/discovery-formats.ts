import { isRecord, metadataOf, type RawObject, text } from "./object.ts";

/** A group with its versions, the one that the server prefers first. */
export interface ApiGroup {
  /** Empty for the core group. */
  readonly name: string;
  readonly versions: readonly ApiVersion[];
}

export interface ApiVersion {
  readonly name: string;
  /** Why it could not be asked, null if it could. `resources` may be old news or empty otherwise. */
  readonly failure: string | null;
  readonly resources: readonly ApiResource[];
}

export interface ApiResource {
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

/** Reads an `APIGroupDiscoveryList`; null when the answer is of another kind, from a server that knows only the older ones. */
export function readAggregated(answer: unknown): ApiGroup[] | null {
  if (!isRecord(answer) || answer.kind !== "APIGroupDiscoveryList") return null;
  return records(answer.items).map((group) => ({
    name: text(metadataOf(group).name),
    versions: records(group.versions).map((version) => ({
      name: text(version.version),
      failure: version.freshness === "Stale" ? "its server does not answer" : null,
      resources: records(version.resources).map((resource) => {
        const kind = isRecord(resource.responseKind) ? text(resource.responseKind.kind) : "";
        return {
          kind,
          plural: text(resource.resource),
          namespaced: resource.scope === "Namespaced",
          verbs: strings(resource.verbs),
        };
      }),
    })),
  }));
}

/** Reads an `APIGroupList`: names of groups, and of their versions with the preferred one first. */
export function readGroupList(answer: unknown): { name: string; versions: string[] }[] {
  const groups = isRecord(answer) ? records(answer.groups) : [];
  return groups.map((group) => {
    const preferred = isRecord(group.preferredVersion) ? text(group.preferredVersion.version) : "";
    const others = records(group.versions).map((version) => text(version.version));
    return {
      name: text(group.name),
      versions: [...new Set([preferred, ...others])].filter((version) => version !== ""),
    };
  });
}

/** Reads an `APIResourceList`; subresources (`pods/log`) are left out. */
export function readResourceList(answer: unknown): ApiResource[] {
  const resources = isRecord(answer) ? records(answer.resources) : [];
  return resources
    .filter((resource) => !text(resource.name).includes("/"))
    .map((resource) => ({
      kind: text(resource.kind),
      plural: text(resource.name),
      namespaced: resource.namespaced === true,
      verbs: strings(resource.verbs),
    }));
}

function records(value: unknown): RawObject[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string").sort() : [];
}
