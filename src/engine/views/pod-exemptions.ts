import { compareReleases, type Release, releaseOf } from "../release.ts";
import type { PodSpecView } from "./pod-spec.ts";

/** Pods that a release of Kubernetes leaves out of a check, because what it asks for does not concern them. */

interface Asked {
  readonly params: { readonly release?: string | undefined };
  readonly context: { readonly release: Release };
}

const windowsExempt: Release = { major: 1, minor: 25 };
const userNamespacesExempt: Release = { major: 1, minor: 35 };

/** From 1.25 a Pod that says it runs on Windows need not set what the API server refuses there. */
export function isExemptOnWindows(podSpec: PodSpecView, { params, context }: Asked): boolean {
  return podSpec.onWindows && compareReleases(releaseOf(params.release, context), windowsExempt) >= 0;
}

/** From 1.35 root inside a user namespace (`hostUsers: false`) counts as no root on the node. */
export function isExemptInUserNamespace(podSpec: PodSpecView, { params, context }: Asked): boolean {
  return podSpec.hostUsers === false && compareReleases(releaseOf(params.release, context), userNamespacesExempt) >= 0;
}
