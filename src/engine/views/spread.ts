import { type LabelSelector, readLabelSelector, selectsPods } from "../values/label-selector.ts";
import { type Fields, fieldsAt, recordsAt, textAt, valueAt } from "./fields.ts";
import { type Path, path } from "./path.ts";
import type { PodSpecView } from "./pod-spec.ts";

/** A pod anti-affinity term or a topology spread constraint. */
export interface SpreadingTerm {
  readonly way: "podAntiAffinity" | "topologySpread";
  /** Of the list that holds it. */
  readonly path: Path;
  /** Undefined where it is missing or empty; a constraint is not asked for it. */
  readonly topologyKey: string | undefined;
  /** Whether it is about the very Pods that the template makes. */
  readonly selectsOwnPods: boolean;
}

const required = "requiredDuringSchedulingIgnoredDuringExecution";
const preferred = "preferredDuringSchedulingIgnoredDuringExecution";

export function spreadingTerms(pod: PodSpecView): readonly SpreadingTerm[] {
  const selectsOwnPods = (term: Fields | undefined) =>
    selectsPods(selectorOf(term), { podLabels: pod.labels, fromTemplate: true });
  const antiAffinity = (list: string, termOf: (element: Fields) => Fields | undefined) =>
    recordsAt(pod.fields, "affinity", "podAntiAffinity", list).map(
      (element): SpreadingTerm => ({
        way: "podAntiAffinity",
        path: path("affinity", "podAntiAffinity", list),
        topologyKey: textAt(termOf(element), "topologyKey") || undefined,
        selectsOwnPods: selectsOwnPods(termOf(element)),
      }),
    );
  return [
    ...antiAffinity(required, (element) => element),
    ...antiAffinity(preferred, (element) => fieldsAt(element, "podAffinityTerm")),
    ...recordsAt(pod.fields, "topologySpreadConstraints").map(
      (constraint): SpreadingTerm => ({
        way: "topologySpread",
        path: path("topologySpreadConstraints"),
        topologyKey: textAt(constraint, "topologyKey") || undefined,
        selectsOwnPods: selectsOwnPods(constraint),
      }),
    ),
  ];
}

function selectorOf(term: Fields | undefined): LabelSelector | undefined {
  return readLabelSelector(valueAt(term, "labelSelector"));
}
