import { compareReleases, type Release } from "../release.ts";
import type { ContainerView } from "./container.ts";
import { type Fields, fieldsAt, textAt } from "./fields.ts";
import { below, type Path } from "./path.ts";
import type { PodSpecView } from "./pod-spec.ts";

/** Before there were fields, and until 1.26 beside them, annotations of the Pod named the seccomp profiles. */
const podAnnotation = "seccomp.security.alpha.kubernetes.io/pod";
const containerAnnotation = "container.seccomp.security.alpha.kubernetes.io/";

/** The first release that does not read the annotations any more. */
const annotationsGone: Release = { major: 1, minor: 27 };

/** A profile as an annotation names it: `runtime/default`, `localhost/profiles/web.json`, `unconfined`. */
export interface SeccompAnnotation {
  readonly key: string;
  readonly profile: string;
  readonly path: Path;
}

/** The annotation for one container, or for the pod where none is given. */
export function seccompAnnotation(podSpec: PodSpecView, container?: ContainerView): SeccompAnnotation | undefined {
  const key = container === undefined ? podAnnotation : containerAnnotation + container.name;
  const profile = podSpec.annotations.get(key);
  if (profile === undefined) return undefined;
  return { key, profile, path: below(podSpec.metadataPath, "annotations", key) };
}

/** The type that a field would have; undefined for a profile that Kubernetes does not know. */
export function seccompTypeOf(profile: string): "RuntimeDefault" | "Localhost" | "Unconfined" | undefined {
  if (profile === "runtime/default" || profile === "docker/default") return "RuntimeDefault";
  if (profile.startsWith("localhost/")) return "Localhost";
  return profile === "unconfined" ? "Unconfined" : undefined;
}

/** A seccomp profile that is set, and where. */
export interface SeccompSetting {
  readonly path: Path;
  /** The type as written; an annotation's profile that is no type stands for itself; empty where there is none. */
  readonly type: string;
}

/**
 * What the pod, or one container, sets by itself: its field, or where that is absent, in a release that reads them, its
 * annotation. Undefined where it sets none.
 */
export function seccompSetting(
  podSpec: PodSpecView,
  release: Release,
  container?: ContainerView,
): SeccompSetting | undefined {
  const context: Fields | undefined = (container ?? podSpec).securityContext;
  const field = fieldsAt(context, "seccompProfile");
  if (field !== undefined) {
    const at = container === undefined ? "" : container.path;
    return { path: below(at, "securityContext", "seccompProfile"), type: textAt(field, "type") ?? "" };
  }
  if (compareReleases(release, annotationsGone) >= 0) return undefined;
  const annotation = seccompAnnotation(podSpec, container);
  return annotation && { path: annotation.path, type: seccompTypeOf(annotation.profile) ?? annotation.profile };
}
