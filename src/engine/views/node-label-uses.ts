import { type Fields, fieldsAt, listAt, textAt, valueBelow } from "./fields.ts";
import { type Path, path } from "./path.ts";
import type { ResourceView } from "./resource-view.ts";

/** A label of nodes that decides where Pods may run. */
export interface NodeLabelUse {
  readonly key: string;
  /** A list without merge key is one place. */
  readonly path: Path;
  /** From the pod spec, or the PersistentVolume, to the entry of a node selector, else to the text that is the key. */
  readonly steps: readonly (string | number)[];
  /** The list or mapping that the key stands in: `nodeSelector`, `terms`, `podAffinity`, `spread`. */
  readonly in: "nodeSelector" | "terms" | "podAffinity" | "spread";
}

const required = "requiredDuringSchedulingIgnoredDuringExecution";
const preferred = "preferredDuringSchedulingIgnoredDuringExecution";

/** Node selector, node affinity, topology keys of Pod affinity and of spread constraints; node affinity of a PersistentVolume. */
export function nodeLabelUses({ kindName, object, podSpec }: ResourceView): readonly NodeLabelUse[] {
  const found: NodeLabelUse[] = [];
  if (kindName === "PersistentVolume")
    addTerms(found, object, ["spec", "nodeAffinity", "required", "nodeSelectorTerms"]);
  if (podSpec === undefined) return found;
  const { fields } = podSpec;
  for (const key of Object.keys(fieldsAt(fields, "nodeSelector") ?? {}))
    found.push({ key, path: "nodeSelector", steps: ["nodeSelector", key], in: "nodeSelector" });
  if (fieldsAt(fields, "affinity") !== undefined) addAffinity(found, fields);
  addKeys(found, fields, ["topologySpreadConstraints"], ["topologyKey"], "spread");
  return found;
}

function addAffinity(found: NodeLabelUse[], fields: Fields): void {
  addTerms(found, fields, ["affinity", "nodeAffinity", required, "nodeSelectorTerms"]);
  addTerms(found, fields, ["affinity", "nodeAffinity", preferred], ["preference"]);
  for (const affinity of ["podAffinity", "podAntiAffinity"]) {
    addKeys(found, fields, ["affinity", affinity, required], ["topologyKey"], "podAffinity");
    addKeys(found, fields, ["affinity", affinity, preferred], ["podAffinityTerm", "topologyKey"], "podAffinity");
  }
}

/** Keys of `matchExpressions` in the terms of a list. */
function addTerms(found: NodeLabelUse[], of: Fields, list: readonly string[], inner: readonly string[] = []): void {
  const expressions = [...inner, "matchExpressions"];
  for (const [index, term] of listAt(valueBelow(of, list)).entries())
    for (const [at, expression] of listAt(valueBelow(term, expressions)).entries()) {
      const key = textAt(expression, "key");
      if (key === undefined) continue;
      found.push({ key, path: path(...list), steps: [...list, index, ...expressions, at, "key"], in: "terms" });
    }
}

/** The texts at `inner` in the elements of a list. */
function addKeys(
  found: NodeLabelUse[],
  of: Fields,
  list: readonly string[],
  inner: readonly string[],
  place: NodeLabelUse["in"],
): void {
  for (const [index, element] of listAt(valueBelow(of, list)).entries()) {
    const key = textAt(valueBelow(element, inner));
    if (key !== undefined) found.push({ key, path: path(...list), steps: [...list, index, ...inner], in: place });
  }
}
