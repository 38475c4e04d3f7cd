import { apiLifecycleTable } from "./api-lifecycle.data.ts";

/** When a built-in API goes, in minor releases of Kubernetes 1.x. */
export interface ApiLifecycle {
  readonly deprecated: number | undefined;
  /** First minor that no longer serves it. */
  readonly removed: number | undefined;
  /** `networking.k8s.io/v1`, with the kind in front where it has another one: `EndpointSlice discovery.k8s.io/v1`. */
  readonly replacement: string | undefined;
}

const lifecycles = readTable();

/** Undefined for an API that is not built in, or that nobody plans to remove. A `<Kind>List` follows its kind. */
export function apiLifecycle(apiVersion: string, kind: string): ApiLifecycle | undefined {
  const kinds = lifecycles.get(apiVersion);
  return kinds?.get(kind) ?? (kind.endsWith("List") ? kinds?.get(kind.slice(0, -"List".length)) : undefined);
}

/** By API version and kind. */
function readTable(): ReadonlyMap<string, ReadonlyMap<string, ApiLifecycle>> {
  const table = new Map<string, Map<string, ApiLifecycle>>();
  for (const line of apiLifecycleTable.trim().split("\n")) {
    const [apiVersion = "", kind = "", deprecated, removed, replacement = "-"] = line.split(" ");
    const [version, otherKind] = replacement.split("#");
    const kinds = table.get(apiVersion) ?? new Map<string, ApiLifecycle>();
    table.set(apiVersion, kinds);
    kinds.set(kind, {
      deprecated: readMinor(deprecated),
      removed: readMinor(removed),
      replacement: replacement === "-" ? undefined : otherKind === undefined ? version : `${otherKind} ${version}`,
    });
  }
  return table;
}

function readMinor(text: string | undefined): number | undefined {
  return text === undefined || text === "-" ? undefined : Number(text);
}
