import type { ObjectKey } from "./api-type.ts";

/** An object as it came over the wire: raw JSON, no field dropped, none trusted to have the right type. */
export type RawObject = { readonly [field: string]: unknown };

/** Metadata that the API server itself sets, hence surely of these types. Missing ones read as empty. */
export interface Identity extends ObjectKey {
  readonly uid: string;
  /** Opaque: equal or not equal. See `compareVersions` for the one exception. */
  readonly resourceVersion: string;
}

export function isRecord(value: unknown): value is RawObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function metadataOf(object: RawObject): RawObject {
  return isRecord(object.metadata) ? object.metadata : {};
}

export function identityOf(object: RawObject): Identity {
  const metadata = metadataOf(object);
  return {
    namespace: text(metadata.namespace),
    name: text(metadata.name),
    uid: text(metadata.uid),
    resourceVersion: text(metadata.resourceVersion),
  };
}

export function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
