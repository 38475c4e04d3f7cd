import { recordsAt, textsAt } from "./fields.ts";
import type { ResourceView } from "./resource-view.ts";

/** One entry of a Role's `rules`: the product of its groups, resources and verbs. Grants on URLs are left out. */
export interface GrantEntry {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  /** Not empty: only these objects. */
  readonly resourceNames: readonly string[];
}

/** The roles and bindings that the API server itself keeps: never judged. A name prefix such as `system:` says nothing. */
export function isBuiltInRbac(view: ResourceView): boolean {
  return view.labels.get("kubernetes.io/bootstrapping") === "rbac-defaults";
}

/** What a Role or ClusterRole grants on resources. An entry without groups or resources grants none and is left out. */
export function grantsOf(view: ResourceView): readonly GrantEntry[] {
  return recordsAt(view.object, "rules")
    .map((entry) => ({
      apiGroups: textsAt(entry, "apiGroups"),
      resources: textsAt(entry, "resources"),
      verbs: textsAt(entry, "verbs"),
      resourceNames: textsAt(entry, "resourceNames"),
    }))
    .filter(({ apiGroups, resources }) => apiGroups.length > 0 && resources.length > 0);
}

/** Whether the entry covers a resource such as `pods` or `pods/exec`. `*`, and `*` + its subresource, are wildcards; `pods/*` is none. */
export function coversResource(entry: GrantEntry, group: string, resource: string): boolean {
  const slash = resource.indexOf("/");
  const anySubresource = slash < 0 ? undefined : `*${resource.slice(slash)}`;
  return (
    entry.apiGroups.some((one) => one === "*" || one === group) &&
    entry.resources.some((one) => one === "*" || one === resource || one === anySubresource)
  );
}

/** Whether the entry grants one of the verbs; no verbs asked for means any, even none. */
export function coversVerb(entry: GrantEntry, verbs: readonly string[]): boolean {
  return verbs.length === 0 || entry.verbs.some((one) => one === "*" || verbs.includes(one));
}
