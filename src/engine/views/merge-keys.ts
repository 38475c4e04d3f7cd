import type { Fields } from "./fields.ts";
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
const defaultProtocol = "TCP";

/** The merge keys by which an element of a built-in list is addressed; undefined where the list or the element has none. */
export function mergeKeysOf(list: string, element: Fields): MergeKeys | undefined {
  const names = keyNamesOf(list, element);
  return names === undefined
    ? undefined
    : Object.fromEntries(names.map((name) => [name, keyValue(element, name) ?? ""]));
}

/** The names of those keys. */
export function keyNamesOf(list: string, element: Fields): readonly string[] | undefined {
  const sets = keysOfList.get(list);
  if (sets !== undefined) for (const names of sets) if (hasKeys(element, names)) return names;
  return undefined;
}

function hasKeys(element: Fields, names: readonly string[]): boolean {
  for (const name of names) if (keyValue(element, name) === undefined) return false;
  return true;
}

/** Undefined where the element has no such key. No object inherits a field of such a name. */
export function keyValue(element: Fields, name: string): string | number | undefined {
  const value = element[name] ?? (name === "protocol" ? defaultProtocol : undefined);
  return typeof value === "string" || typeof value === "number" ? value : undefined;
}

/** Whether elements of a list of this name may have merge keys at all. */
export function mayHaveMergeKeys(list: string): boolean {
  return keysOfList.has(list);
}
