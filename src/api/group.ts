/** API group of all our kinds. */
export const group = "pawl.dev";

/** The one version served and stored. */
export const version = "v1alpha1";

/** As it stands in manifests. */
export const apiVersion = `${group}/${version}` as const;

/** `kubectl get pawl` lists every kind in it. */
export const category = "pawl";
