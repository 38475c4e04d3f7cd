import { formatRelease, newestRelease, parseRelease, type Release } from "../release.ts";
import { type ApiLifecycle, apiLifecycle } from "../values/api-lifecycle.ts";
import { printable } from "../values/printable.ts";
import { apiVersionsInUse } from "./api-versions.ts";
import type { ResourceView } from "./resource-view.ts";

/** An API version in use that was or will be deprecated or removed, with the words in which a reader is told. */
export interface RetiringApi extends ApiLifecycle {
  readonly apiVersion: string;
  /** `in a manifest`, `written by helm, kubectl apply`. */
  readonly origin: string;
  /** `use apps/v1`, `nothing replaces it`. */
  readonly advice: string;
}

/** Sorted by version; what is here to stay is left out. */
export function retiringApis(resource: ResourceView): readonly RetiringApi[] {
  const lifecycleOf = (apiVersion: string) => apiLifecycle(apiVersion, resource.id.kind);
  const used = apiVersionsInUse(resource, (apiVersion) => lifecycleOf(apiVersion) !== undefined);
  return used.flatMap(({ apiVersion, managers }) => {
    const lifecycle = lifecycleOf(apiVersion);
    if (lifecycle === undefined) return [];
    const origin = resource.live ? `written by ${printable(managers.join(", "))}` : "in a manifest";
    const advice = lifecycle.replacement === undefined ? "nothing replaces it" : `use ${lifecycle.replacement}`;
    return [{ ...lifecycle, apiVersion, origin, advice }];
  });
}

/** The minor of 1.x that is meant: the one named, else the next upgrade. */
export function targetMinor(targetVersion: string | undefined, release: Release): number {
  return (targetVersion === undefined ? undefined : parseRelease(targetVersion))?.minor ?? release.minor + 1;
}

/** What lies after the newest release that the facts know is a plan. */
export function isPlanned(minor: number): boolean {
  return minor > newestRelease.minor;
}

/** `1.25`. */
export function formatMinor(minor: number): string {
  return formatRelease({ major: 1, minor });
}
