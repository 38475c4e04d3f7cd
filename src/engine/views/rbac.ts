import { recordsAt, textAt, textsAt } from "./fields.ts";
import type { ResourceView } from "./resource-view.ts";

const group = "rbac.authorization.k8s.io";

export const roleKinds = [`Role.${group}`, `ClusterRole.${group}`] as const;
export const bindingKinds = [`RoleBinding.${group}`, `ClusterRoleBinding.${group}`] as const;

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

/** Who is bound; also what the API server would refuse, as long as it has a name. */
export interface Subject {
  /** `User`, `Group`, `ServiceAccount`; empty where nothing is written. */
  readonly kind: string;
  readonly name: string;
  /** Of a ServiceAccount; undefined where nothing is written. */
  readonly namespace: string | undefined;
}

/** The subjects of a binding, in the order written. */
export function subjectsOf(view: ResourceView): readonly Subject[] {
  return recordsAt(view.object, "subjects").flatMap((subject) => {
    const name = textAt(subject, "name");
    if (!name) return [];
    return [{ kind: textAt(subject, "kind") ?? "", name, namespace: textAt(subject, "namespace") || undefined }];
  });
}

/** The role that a binding names; undefined where it names none. */
export function roleRefOf(view: ResourceView): { readonly kind: string; readonly name: string } | undefined {
  const name = textAt(view.object, "roleRef", "name");
  return name ? { kind: textAt(view.object, "roleRef", "kind") ?? "", name } : undefined;
}
