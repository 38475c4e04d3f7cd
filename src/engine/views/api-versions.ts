import { listAt, textAt, valueAt } from "./fields.ts";
import type { ResourceView } from "./resource-view.ts";

/** An API version through which an object is written, and by whom. */
export interface ApiVersionUse {
  /** `extensions/v1beta1`. */
  readonly apiVersion: string;
  /** Field managers, sorted; `kubectl apply` for what it last applied. Empty for a manifest. */
  readonly managers: readonly string[];
}

/** They follow the API server's own version, whatever the user wrote. */
const controlPlane: ReadonlySet<string> = new Set([
  "kube-controller-manager",
  "kube-scheduler",
  "kubelet",
  "kube-apiserver",
]);

const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

/**
 * A manifest says its version itself. A live object is returned in whatever version the client asked for, so there the
 * field managers and the last applied manifest tell. Sorted by version.
 * @param isWanted of versions that are here to stay, which nearly all are, nobody asks who writes them
 */
export function apiVersionsInUse(
  view: ResourceView,
  isWanted: (apiVersion: string) => boolean,
): readonly ApiVersionUse[] {
  if (!view.live) return isWanted(view.apiVersion) ? [{ apiVersion: view.apiVersion, managers: [] }] : [];
  let managers: Map<string, Set<string>> | undefined;
  const add = (apiVersion: string, manager: string) => {
    managers ??= new Map();
    const known = managers.get(apiVersion) ?? new Set();
    managers.set(apiVersion, known.add(manager));
  };
  for (const entry of listAt(view.object, "metadata", "managedFields")) {
    const apiVersion = textAt(entry, "apiVersion");
    if (!apiVersion || !isWanted(apiVersion)) continue;
    const manager = textAt(entry, "manager") || "unknown";
    if (!textAt(entry, "subresource") && !controlPlane.has(manager)) add(apiVersion, manager);
  }
  const applied = lastAppliedVersion(view);
  if (applied && isWanted(applied)) add(applied, "kubectl apply");
  if (managers === undefined) return none;
  return [...managers]
    .map(([apiVersion, by]) => ({ apiVersion, managers: [...by].sort() }))
    .sort((a, b) => (a.apiVersion < b.apiVersion ? -1 : 1));
}

const none: readonly never[] = [];

/** Anybody can write the annotation, so it may hold anything. */
function lastAppliedVersion(view: ResourceView): string | undefined {
  const text = view.annotations.get(lastApplied);
  if (text === undefined) return undefined;
  let applied: unknown;
  try {
    applied = JSON.parse(text);
  } catch {
    return undefined;
  }
  const apiVersion = valueAt(applied, "apiVersion");
  return typeof apiVersion === "string" ? apiVersion : undefined;
}
