import { type Fields, valueAt } from "./fields.ts";
import type { MergeKeys } from "./path.ts";

/** Keys that a list of this name may have, as in server-side apply; the first set that an element has is its own. */
const keysOfList: ReadonlyMap<string, readonly (readonly string[])[]> = new Map([
  ["containers", [["name"]]],
  ["initContainers", [["name"]]],
  ["ephemeralContainers", [["name"]]],
  ["volumes", [["name"]]],
  ["env", [["name"]]],
  [
    "ports",
    [
      ["containerPort", "protocol"],
      ["port", "protocol"],
    ],
  ],
  ["volumeMounts", [["mountPath"]]],
  ["volumeDevices", [["devicePath"]]],
  ["resizePolicy", [["resourceName"]]],
  ["claims", [["name"]]],
  ["hostAliases", [["ip"]]],
  ["imagePullSecrets", [["name"]]],
  ["secrets", [["name"]]],
  ["topologySpreadConstraints", [["topologyKey", "whenUnsatisfiable"]]],
  ["schedulingGates", [["name"]]],
  ["resourceClaims", [["name"]]],
  // No merge key for the API server, but a sysctl has one value: its name says which is meant.
  ["sysctls", [["name"]]],
  ["webhooks", [["name"]]],
  // Of an Argo workflow.
  ["templates", [["name"]]],
]);

/** What the API server fills in, so that a manifest and its live object have the same path. */
const defaults: ReadonlyMap<string, string> = new Map([["protocol", "TCP"]]);

/** The merge keys by which an element of a built-in list is addressed; undefined where the list or the element has none. */
export function mergeKeysOf(list: string, element: Fields): MergeKeys | undefined {
  for (const names of keysOfList.get(list) ?? none) {
    const keys: Record<string, string | number> = {};
    if (names.every((name) => readKey(element, name, keys))) return keys;
  }
  return undefined;
}

const none: readonly never[] = [];

/** False where the element has no such key. */
function readKey(element: Fields, name: string, keys: Record<string, string | number>): boolean {
  const value = valueAt(element, name) ?? defaults.get(name);
  if (typeof value !== "string" && typeof value !== "number") return false;
  keys[name] = value;
  return true;
}

/** Whether elements of a list of this name may have merge keys at all. */
export function mayHaveMergeKeys(list: string): boolean {
  return keysOfList.has(list);
}
