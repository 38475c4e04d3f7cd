import type { FieldProblem } from "../../../api/field-problem.ts";
import { apiVersion } from "../../../api/group.ts";
import type { ObjectMeta, OwnerReference } from "../../../api/metadata.ts";
import type { KubeObject } from "../../resource.ts";
import { fieldsAt, textAt, textMapAt } from "../../views/fields.ts";
import { same } from "../same.ts";

/** Whose objects are encoded: one policy's, in one namespace or (undefined) for resources without one. */
export interface LedgerId {
  readonly policy: { readonly name: string; readonly uid: string };
  readonly namespace: string | undefined;
}

/** What could be read of the objects of one ledger. */
export interface Decoded<T> {
  /** Undefined where there is none, or none that means anything. */
  readonly stored: T | undefined;
  /** What was left out and why, a sentence each; empty for what this version wrote. */
  readonly dropped: readonly string[];
}

/**
 * What makes the stored objects equal to what should be stored. Only what differs is in it.
 * Objects that exist keep their metadata, with the `resourceVersion` that the PUT must carry; new ones have none.
 */
export interface ObjectWrites<T> {
  /** To be written in this order, so that a crash in between loses nothing. */
  readonly puts: readonly T[];
  /** To be deleted after that. */
  readonly deletes: readonly { readonly kind: string; readonly name: string }[];
}

export interface EncodeOptions {
  /** Whether parts may be put together again where there are more than needed: at full scans only. */
  readonly mayShrink: boolean;
}

export function nameOf(object: KubeObject): string {
  return textAt(object, "metadata", "name") ?? "";
}

export interface OwnMetadata {
  readonly name: string;
  readonly namespace?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly OwnerReference[];
}

/** What others put on the object stays; of the labels only ours are set. */
export function mergeMetadata(existing: KubeObject | undefined, ours: OwnMetadata): ObjectMeta {
  const labels = Object.fromEntries([...textMapAt(existing, "metadata", "labels"), ...Object.entries(ours.labels)]);
  return { ...fieldsAt(existing, "metadata"), ...ours, labels };
}

export function ownerReference(kind: string, name: string, uid: string): OwnerReference {
  return { apiVersion, kind, name, uid, blockOwnerDeletion: false };
}

/** Whether a PUT would change anything. */
export function differs(wanted: KubeObject, existing: KubeObject | undefined): boolean {
  return existing === undefined || !same(wanted, existing);
}

/** Says in a sentence each what could not be read of an object. */
export function describeDropped(object: KubeObject, problems: readonly FieldProblem[]): string[] {
  return problems.map(({ path, message }) => `${nameOf(object)}: ${path} ${message}`);
}
