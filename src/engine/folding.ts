import type { Controller, Judged } from "./judged.ts";
import { type KindName, type KubeObject, kindName, parseKindName, type ResourceId } from "./resource.ts";
import { flagAt, listAt, textAt } from "./views/fields.ts";
import { workloadKinds } from "./views/workload-kinds.ts";

/** Kinds that controllers make from a template: with such a controller they are folded into it. */
const foldable: ReadonlySet<KindName> = new Set([
  "Pod",
  "Job.batch",
  "ReplicaSet.apps",
  "ReplicaSet.extensions",
  "ReplicationController",
]);

/** Kinds that hold a pod template and make something from it. */
const templateOwners: ReadonlySet<KindName> = new Set(
  workloadKinds.filter((kind) => kind !== "Pod" && kind !== "PodTemplate"),
);

/** Owner chains are three or four long; the bound ends a chain that runs in a circle. */
export const maxChain = 16;

/** The owner reference marked as controller; none if it is not complete. */
export function controllerOf(object: KubeObject): Controller | undefined {
  const reference = listAt(object, "metadata", "ownerReferences").find((one) => flagAt(one, "controller"));
  if (reference === undefined) return undefined;
  const apiVersion = textAt(reference, "apiVersion");
  const kind = textAt(reference, "kind");
  const name = textAt(reference, "name");
  if (!apiVersion || !kind || !name) return undefined;
  const slash = apiVersion.indexOf("/");
  return { kind: kindName(slash < 0 ? "" : apiVersion.slice(0, slash), kind), name };
}

/** Whether the controller answers for the object. Decided by the reference alone, seen or not. */
export function isFolded(kind: KindName, controller: Controller | undefined): boolean {
  return controller !== undefined && foldable.has(kind) && templateOwners.has(controller.kind);
}

/** The API server cuts the prefix to this before it puts five characters behind it. */
const maxPrefix = 58;

/** `metadata.generateName`, if the name was made from it: it also stays on objects that were given a name of their own. */
export function generateNameOf(object: KubeObject, name: string): string | undefined {
  const prefix = textAt(object, "metadata", "generateName");
  return prefix && name.startsWith(prefix.slice(0, maxPrefix)) ? prefix : undefined;
}

/**
 * What was judged of an owner, or `undefined` where it is not known. Owners are in the same namespace or have none: the
 * lookup tries the namespace first, then the resources without one. Folded objects must be found too: a ReplicaSet leads
 * from its Pods to the Deployment.
 */
export type OwnerLookup = (namespace: string, kind: KindName, name: string) => Judged | undefined;

/** A lookup over a fixed set of objects. */
export function ownerLookup(judged: Iterable<Judged>): OwnerLookup {
  const known = new Map<string, Judged>();
  const key = (namespace: string, kind: KindName, name: string) => `${namespace}/${kind}/${name}`;
  for (const one of judged) known.set(key(one.id.namespace, kindName(one.id.group, one.id.kind), one.id.name), one);
  return (namespace, kind, name) => known.get(key(namespace, kind, name)) ?? known.get(key("", kind, name));
}

/** Who carries the violations found on an object. */
export interface Carrier {
  /** For a family of generated names, `name` is the prefix and `*`. */
  readonly id: ResourceId;
  readonly generated: boolean;
  /** What was judged of the carrier itself; undefined where it is not known. The object itself, if it is not folded. */
  readonly judged: Judged | undefined;
  /** The first owner in the chain that was not found. */
  readonly unknownOwner: Controller | undefined;
}

/** Climbs to the top of the owner chain for what is folded, and names the carrier by the topmost generateName. */
export function carrierOf(judged: Judged, owner: OwnerLookup): Carrier {
  const { namespace } = judged.id;
  let top: Judged | undefined = judged;
  let id = judged.id;
  for (let steps = 0; steps < maxChain; steps++) {
    if (top === undefined || top.role === "judged" || top.controller === undefined) break;
    const { kind, name } = top.controller;
    top = owner(namespace, kind, name);
    id = top?.id ?? { ...parseKindName(kind), namespace, name };
  }
  const known = top === undefined ? undefined : topmostPrefix(top, owner);
  const named = known?.prefix === undefined ? id : { ...id, name: `${known.prefix}*` };
  const unknownOwner = top === undefined ? { kind: kindName(id.group, id.kind), name: id.name } : known?.unknownOwner;
  return { id: named, generated: known?.prefix !== undefined, judged: top, unknownOwner };
}

function topmostPrefix(from: Judged, owner: OwnerLookup) {
  let prefix = from.generateName;
  let { controller } = from;
  for (let steps = 0; steps < maxChain && controller !== undefined; steps++) {
    const next = owner(from.id.namespace, controller.kind, controller.name);
    if (next === undefined) return { prefix, unknownOwner: controller };
    prefix = next.generateName ?? prefix;
    controller = next.controller;
  }
  return { prefix, unknownOwner: undefined };
}
