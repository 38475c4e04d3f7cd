import { type ApiType, apiVersion } from "./api-type.ts";
import type { RawObject } from "./object.ts";

/** Accept headers of lists, and of single objects and watches, that want only metadata. */
export const METADATA_LIST = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
export const METADATA_ONE = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";

/**
 * The object with its true `apiVersion` and `kind`: items of built-in lists come without, metadata-only objects say
 * `PartialObjectMetadata`. Changes the freshly parsed object in place; there may be a hundred thousand of them.
 */
export function withType(object: RawObject, type: ApiType): RawObject {
  return Object.assign(object, { apiVersion: apiVersion(type), kind: type.kind });
}
