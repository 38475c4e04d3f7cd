import type { PodSpecView } from "./pod-spec.ts";

/** Before there was a field, and still beside it, an annotation of the Pod names the AppArmor profile of a container. */
const prefix = "container.apparmor.security.beta.kubernetes.io/";

export interface AppArmorAnnotation {
  readonly key: string;
  /** Name of the container, which may not exist. */
  readonly container: string;
  /** `runtime/default`, `localhost/web`, `unconfined`. */
  readonly profile: string;
}

/** Those that name a profile: an empty one is none. */
export function appArmorAnnotations(podSpec: PodSpecView): readonly AppArmorAnnotation[] {
  const found: AppArmorAnnotation[] = [];
  for (const [key, profile] of podSpec.annotations)
    if (profile !== "" && key.startsWith(prefix)) found.push({ key, container: key.slice(prefix.length), profile });
  return found;
}
