import { interning } from "../interning.ts";

/** Who answers for a resource, and what put it into the cluster; each as far as it is known. */
export interface Ownership {
  /** The team, 1 to 63 printable characters. Where it is absent nobody is named: readers spell that `unowned`. */
  readonly owner?: string;
  /** `argocd:shop`, `flux:kustomization/flux-system/apps`, `helm:checkout`; at most 128 printable characters. */
  readonly source?: string;
}

/** Where the owner is written: in a label or an annotation of this key; `either` looks at the label first. */
export interface OwnerKey {
  readonly key: string;
  readonly on: "label" | "annotation" | "either";
}

export interface OwnershipSettings {
  /** In the order in which they are looked at; the first that is there counts. */
  readonly ownerKeys: readonly OwnerKey[];
  /** The label by which Argo CD tracks, where it tracks by a label and not by its annotation. */
  readonly argocdInstanceLabel: string;
}

/** What readers and metrics call a resource without an owner. */
export const unowned = "unowned";

/**
 * What the settings default to. `app.kubernetes.io/part-of` is not among the owner keys: it names an application, charts set it by
 * themselves, and on the object it would hide the team that the namespace names.
 */
export const defaultOwnershipSettings: OwnershipSettings = {
  ownerKeys: [
    { key: "team", on: "either" },
    { key: "owner", on: "either" },
  ],
  argocdInstanceLabel: "argocd.argoproj.io/instance",
};

export const noOwnership: Ownership = {};

export function ownershipOf(owner: string | undefined, source: string | undefined): Ownership {
  if (owner === undefined && source === undefined) return noOwnership;
  const ownership: { -readonly [K in keyof Ownership]: Ownership[K] } = {};
  if (owner !== undefined) ownership.owner = owner;
  if (source !== undefined) ownership.source = source;
  return share(ownership);
}

/** A cluster has few teams and applications: all their objects share one record. */
const share = interning<Ownership>(({ owner = "", source = "" }) => `${owner}\n${source}`, 10_000);
