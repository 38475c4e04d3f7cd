import { type JsonPointer, pointerTo } from "../patch.ts";
import { type Fields, fieldsAt, listAt, textAt } from "./fields.ts";
import { type Path, path } from "./path.ts";
import type { ResourceView } from "./resource-view.ts";

/** A label of nodes that decides where Pods may run. */
export interface NodeLabelUse {
  readonly key: string;
  /** A list without merge key is one place. */
  readonly path: Path;
  /** Of the entry in a node selector, else of the text that is the key. */
  readonly pointer: JsonPointer;
  /** The list or mapping that the key stands in: `nodeSelector`, `terms`, `podAffinity`, `spread`. */
  readonly in: "nodeSelector" | "terms" | "podAffinity" | "spread";
}

const required = "requiredDuringSchedulingIgnoredDuringExecution";
const preferred = "preferredDuringSchedulingIgnoredDuringExecution";

/** Node selector, node affinity, topology keys of Pod affinity and of spread constraints; node affinity of a PersistentVolume. */
export function nodeLabelUses(resource: ResourceView): readonly NodeLabelUse[] {
  const found: NodeLabelUse[] = [];
  if (resource.kindName === "PersistentVolume") {
    addTerms(found, resource.object, "", ["spec", "nodeAffinity", "required", "nodeSelectorTerms"]);
    return found;
  }
  const { podSpec } = resource;
  if (podSpec === undefined) return found;
  const { fields } = podSpec;
  for (const key of Object.keys(fieldsAt(fields, "nodeSelector") ?? {}))
    found.push({
      key,
      path: "nodeSelector",
      pointer: pointerTo(podSpec.pointer, "nodeSelector", key),
      in: "nodeSelector",
    });
  if (fieldsAt(fields, "affinity") !== undefined) addAffinity(found, fields, podSpec.pointer);
  const spread = ["topologySpreadConstraints"];
  for (const [index, constraint] of listAt(fields, ...spread).entries())
    addKey(found, constraint, ["topologyKey"], {
      path: path(...spread),
      pointer: pointerTo(podSpec.pointer, ...spread, index),
      in: "spread",
    });
  return found;
}

function addAffinity(found: NodeLabelUse[], fields: Fields, base: JsonPointer): void {
  addTerms(found, fields, base, ["affinity", "nodeAffinity", required, "nodeSelectorTerms"]);
  addTerms(found, fields, base, ["affinity", "nodeAffinity", preferred], ["preference"]);
  for (const affinity of ["podAffinity", "podAntiAffinity"])
    for (const [strength, inner] of [
      [required, ["topologyKey"]],
      [preferred, ["podAffinityTerm", "topologyKey"]],
    ] as const) {
      const steps = ["affinity", affinity, strength];
      for (const [index, term] of listAt(fields, ...steps).entries())
        addKey(found, term, inner, {
          path: path(...steps),
          pointer: pointerTo(base, ...steps, index),
          in: "podAffinity",
        });
    }
}

/** Keys of `matchExpressions` in the terms of a list. */
function addTerms(
  found: NodeLabelUse[],
  of: Fields,
  base: JsonPointer,
  steps: readonly string[],
  inner: readonly string[] = [],
): void {
  const expressions = [...inner, "matchExpressions"];
  for (const [index, term] of listAt(of, ...steps).entries())
    for (const [at, expression] of listAt(term, ...expressions).entries())
      addKey(found, expression, ["key"], {
        path: path(...steps),
        pointer: pointerTo(base, ...steps, index, ...expressions, at),
        in: "terms",
      });
}

/** The text at `steps` of an element, if there is one. */
function addKey(
  found: NodeLabelUse[],
  element: unknown,
  steps: readonly string[],
  { path, pointer, in: place }: Omit<NodeLabelUse, "key">,
): void {
  const key = textAt(element, ...steps);
  if (key !== undefined) found.push({ key, path, pointer: pointerTo(pointer, ...steps), in: place });
}
