import type { PolicyMatch } from "../api/policy-match.ts";
import { matchesGlob } from "./glob.ts";
import { matchesKindPattern } from "./kind-scope.ts";
import type { KindName, ResourceId } from "./resource.ts";
import { isEmptySelector, type LabelSelector, readLabelSelector, selectsPods } from "./values/label-selector.ts";
import { stableJson } from "./values/stable-json.ts";
import type { TextMap } from "./views/fields.ts";

/** What a policy's `match` says about a resource; the kind is judged apart from it, by the rules. */
export interface Matcher {
  /**
   * Whether a resource is where the policy judges, and has the labels that it asks for.
   * @param namespaceLabels of its namespace; undefined if they are not known, which no namespace selector matches
   */
  readonly matches: (id: ResourceId, labels: TextMap, namespaceLabels: TextMap | undefined) => boolean;
  /** Whether a resource is where the policy judges, whatever its own labels. Of a Namespace, `namespaceLabels` are its own. */
  readonly matchesPlace: (id: ResourceId, namespaceLabels: TextMap | undefined) => boolean;
  /** Whether anything in this namespace can match. */
  readonly matchesNamespace: (name: string, labels: TextMap | undefined) => boolean;
  /** Whether the match names this kind, besides those that rules name. */
  readonly namesKind: (kind: KindName) => boolean;
  /** Whether resources without a namespace can match. */
  readonly clusterResources: boolean;
}

export function compileMatch(match: PolicyMatch): Matcher {
  const include = match.namespaces?.include ?? [];
  const exclude = match.namespaces?.exclude ?? [];
  const kinds = match.kinds ?? [];
  const namespaceSelector = choosing(match.namespaceSelector);
  const objectSelector = choosing(match.objectSelector);
  const clusterResources = includesClusterResources(match);

  const matchesNamespace = (name: string, labels: TextMap | undefined): boolean => {
    if (include.length > 0 && !include.some((glob) => matchesGlob(glob, name))) return false;
    if (exclude.some((glob) => matchesGlob(glob, name))) return false;
    return namespaceSelector === undefined || selects(namespaceSelector, labels);
  };

  const matchesPlace = (id: ResourceId, namespaceLabels: TextMap | undefined): boolean => {
    const namespace = ledgerNamespace(id);
    return namespace === undefined ? clusterResources : matchesNamespace(namespace, namespaceLabels);
  };

  return {
    clusterResources,
    matchesNamespace,
    matchesPlace,
    matches(id, labels, namespaceLabels) {
      const inPlace = matchesPlace(id, isNamespace(id) ? labels : namespaceLabels);
      return inPlace && (objectSelector === undefined || selects(objectSelector, labels));
    },
    namesKind: (kind) => kinds.some((pattern) => matchesKindPattern(pattern, kind)),
  };
}

/** Auto: only if the match does not choose among namespaces. An empty selector or list chooses nothing. */
function includesClusterResources({ clusterResources, namespaces, namespaceSelector }: PolicyMatch): boolean {
  if (clusterResources !== "Auto") return clusterResources === "Include";
  const choosesByName = (namespaces?.include ?? []).length > 0 || (namespaces?.exclude ?? []).length > 0;
  return !choosesByName && choosing(namespaceSelector) === undefined;
}

/** Undefined where the selector is absent or asks for nothing: then everything is selected. */
function choosing(selector: PolicyMatch["objectSelector"]): LabelSelector | undefined {
  const read = readLabelSelector(selector);
  return read === undefined || isEmptySelector(read) ? undefined : read;
}

function selects(selector: LabelSelector, labels: TextMap | undefined): boolean {
  return selectsPods(selector, { podLabels: labels, fromTemplate: false });
}

/** Whether two matches say the same in the same words. */
export function matchEquals(a: PolicyMatch, b: PolicyMatch): boolean {
  return stableJson(a) === stableJson(b);
}

function isNamespace({ group, kind }: ResourceId): boolean {
  return group === "" && kind === "Namespace";
}

/** The namespace whose ledger a resource stands in; undefined: that of the cluster-scoped ones. A Namespace stands in its own. */
export function ledgerNamespace(id: ResourceId): string | undefined {
  if (isNamespace(id)) return id.name;
  return id.namespace === "" ? undefined : id.namespace;
}
