import { isDeepStrictEqual } from "node:util";
import type { Instant } from "../engine/ledger/types.ts";
import { type TextMap, textMapAt } from "../engine/views/fields.ts";
import { metadataOf, type RawObject, text } from "../kube/object.ts";

export interface NamespaceInfo {
  readonly name: string;
  readonly uid: string;
  readonly createdAt: Instant;
  readonly labels: TextMap;
  /** Being deleted: it takes no Events, and its reports go with it. */
  readonly terminating: boolean;
}

/** All namespaces, because their labels decide the scope and their age decides adoption. */
export class NamespaceBook {
  readonly #namespaces = new Map<string, NamespaceInfo>();

  /** Returns what the namespace was before, undefined if it was not there. */
  upsert(object: RawObject): { readonly before: NamespaceInfo | undefined; readonly after: NamespaceInfo } {
    const read = readNamespace(object);
    const before = this.#namespaces.get(read.name);
    const after = sameLabels(before, read) ? { ...read, labels: before.labels } : read;
    this.#namespaces.set(after.name, after);
    return { before: before?.uid === after.uid ? before : undefined, after };
  }

  delete(name: string): void {
    this.#namespaces.delete(name);
  }

  get(name: string): NamespaceInfo | undefined {
    return this.#namespaces.get(name);
  }

  /** The same map until they change. */
  labels(name: string): TextMap | undefined {
    return this.#namespaces.get(name)?.labels;
  }

  /** Sorted. */
  names(): readonly string[] {
    return [...this.#namespaces.keys()].sort();
  }
}

function sameLabels(before: NamespaceInfo | undefined, { labels }: NamespaceInfo): before is NamespaceInfo {
  return before !== undefined && isDeepStrictEqual(before.labels, labels);
}

function readNamespace(object: RawObject): NamespaceInfo {
  const metadata = metadataOf(object);
  const created = Date.parse(text(metadata.creationTimestamp));
  return {
    name: text(metadata.name),
    uid: text(metadata.uid),
    createdAt: Number.isNaN(created) ? 0 : created,
    labels: textMapAt(object, "metadata", "labels"),
    terminating: text(metadata.deletionTimestamp) !== "",
  };
}
