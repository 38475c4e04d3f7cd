import type { KindName } from "../resource.ts";

/** What is wrong with the name of an object; undefined: legal for its kind. */
export type NameProblem = "tooLong" | "illegal";

/** Names of these become host names: one DNS label. */
const labelNamed: ReadonlySet<KindName> = new Set(["Namespace", "Service"]);

/** Names of these are a segment of a URL, whatever else they hold: `system:node`, `v1.`. */
const segmentNamed: ReadonlySet<KindName> = new Set([
  "Role.rbac.authorization.k8s.io",
  "ClusterRole.rbac.authorization.k8s.io",
  "RoleBinding.rbac.authorization.k8s.io",
  "ClusterRoleBinding.rbac.authorization.k8s.io",
  "APIService.apiregistration.k8s.io",
]);

const label = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;
const subdomain = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;

/** Whether the API server takes a `metadata.name` for an object of the kind. */
export function nameProblem(kind: KindName, name: string): NameProblem | undefined {
  if (segmentNamed.has(kind)) return name === "." || name === ".." || /[/%]/.test(name) ? "illegal" : undefined;
  const isLabel = labelNamed.has(kind);
  if (name.length > (isLabel ? 63 : 253)) return "tooLong";
  return (isLabel ? label : subdomain).test(name) ? undefined : "illegal";
}
