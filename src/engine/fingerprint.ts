import { type ResourceId, resourceRef } from "./resource.ts";
import { hash64 } from "./values/hash.ts";

/** What tells one violation from another for as long as it lives. */
export interface FingerprintParts {
  readonly rule: string;
  /** The resource that carries the violation: the top controller, or a generated family. */
  readonly resource: ResourceId;
  readonly path: string;
  readonly class?: string | undefined;
}

/**
 * For readers: `memory-limit shop Deployment.apps/checkout containers[name=app].resources.limits.memory`, with the value
 * class at the end. A resource without a namespace has `-` in its place, which no namespace can be called.
 */
export function fingerprint({ rule, resource, path, class: valueClass }: FingerprintParts): string {
  const place = `${rule} ${resource.namespace || "-"} ${resourceRef(resource)} ${path}`;
  return valueClass === undefined ? place : `${place} ${valueClass}`;
}

/** For programs: 19 characters behind the version of the scheme, from the parts themselves, so that no blank misleads. */
export function fingerprintHash({ rule, resource, path, class: valueClass }: FingerprintParts): string {
  const { group, kind, namespace, name } = resource;
  return hash64(JSON.stringify([rule, group, kind, namespace, name, path, valueClass ?? null]));
}
