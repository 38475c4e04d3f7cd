import type { ResourceId } from "../resource.ts";
import { kindName } from "../resource.ts";
import { templatePath } from "../views/workload-kinds.ts";

/**
 * Whether a kind is meant by one of the patterns that `kinds` parameters take: `workloads`, `*`, `Deployment.apps`,
 * `*.argoproj.io`, or a bare `Deployment`, which means the kind of that name that Kubernetes itself has, whatever its
 * group, or a workload kind. `Application` alone never means that of some product.
 */
export function matchesKind(patterns: readonly string[], id: Pick<ResourceId, "group" | "kind">): boolean {
  return patterns.some((pattern) => matchesOne(pattern, id));
}

function matchesOne(pattern: string, { group, kind }: Pick<ResourceId, "group" | "kind">): boolean {
  const name = kindName(group, kind);
  const isWorkload = templatePath(name) !== undefined;
  if (pattern === "*") return true;
  if (pattern === "workloads") return isWorkload;
  if (pattern.startsWith("*.")) return group === pattern.slice(2);
  if (pattern.includes(".")) return pattern === name;
  return pattern === kind && (isWorkload || isKubernetesGroup(group));
}

/** Kubernetes' own groups have no dot, or end in a domain that is reserved for it. */
function isKubernetesGroup(group: string): boolean {
  return !group.includes(".") || group.endsWith(".k8s.io");
}
