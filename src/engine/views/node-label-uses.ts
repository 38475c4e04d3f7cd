import { type JsonPointer, pointerTo } from "../patch.ts";
import { type Fields, fieldsAt, isFields, listAt, textAt } from "./fields.ts";
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
  if (resource.kindName === "PersistentVolume")
    return termUses(resource.object, "", ["spec", "nodeAffinity", "required", "nodeSelectorTerms"]);
  const { podSpec } = resource;
  if (podSpec === undefined) return [];
  const { fields, pointer } = podSpec;
  const nodeAffinity = ["affinity", "nodeAffinity"] as const;
  return [
    ...Object.keys(fieldsAt(fields, "nodeSelector") ?? {}).map((key) => ({
      key,
      path: path("nodeSelector"),
      pointer: pointerTo(pointer, "nodeSelector", key),
      in: "nodeSelector" as const,
    })),
    ...termUses(fields, pointer, [...nodeAffinity, required, "nodeSelectorTerms"]),
    ...termUses(fields, pointer, [...nodeAffinity, preferred], ["preference"]),
    ...["podAffinity", "podAntiAffinity"].flatMap((affinity) => [
      ...keyUses(fields, pointer, ["affinity", affinity, required], ["topologyKey"], "podAffinity"),
      ...keyUses(fields, pointer, ["affinity", affinity, preferred], ["podAffinityTerm", "topologyKey"], "podAffinity"),
    ]),
    ...keyUses(fields, pointer, ["topologySpreadConstraints"], ["topologyKey"], "spread"),
  ];
}

/** Keys of `matchExpressions` in the terms of a list. */
function termUses(
  of: Fields,
  base: JsonPointer,
  steps: readonly string[],
  inner: readonly string[] = [],
): readonly NodeLabelUse[] {
  return indexed(of, steps).flatMap(([index, term]) =>
    keyUses(term, pointerTo(base, ...steps, index), [...inner, "matchExpressions"], ["key"], "terms").map((use) => ({
      ...use,
      path: path(...steps),
    })),
  );
}

/** The texts at `key` in the elements of a list. */
function keyUses(
  of: Fields,
  base: JsonPointer,
  steps: readonly string[],
  key: readonly string[],
  place: NodeLabelUse["in"],
): readonly NodeLabelUse[] {
  return indexed(of, steps).flatMap(([index, element]) => {
    const text = textAt(element, ...key);
    if (text === undefined) return [];
    return [{ key: text, path: path(...steps), pointer: pointerTo(base, ...steps, index, ...key), in: place }];
  });
}

function indexed(of: Fields, steps: readonly string[]): readonly (readonly [index: number, element: Fields])[] {
  return [...listAt(of, ...steps).entries()].filter((entry): entry is [number, Fields] => isFields(entry[1]));
}
