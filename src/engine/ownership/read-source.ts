import type { Controller } from "../judged.ts";
import { kindName, type ResourceId } from "../resource.ts";
import { type Fields, fieldsAt, textAt } from "../views/fields.ts";
import { shortText } from "./short-text.ts";

const maxLength = 128;

/**
 * What put an object into the cluster, by the marks that it carries. With several, the one counts in which a person would change
 * the object:
 *
 * 1. Argo CD, `argocd:<application>`, or `argocd:<namespace>/<application>` where that is not in Argo CD's own namespace. Its annotation
 *    `argocd.argoproj.io/tracking-id` counts if it names the object or its controller; Argo CD too takes any other for a copy.
 *    Argo CD renders charts, so what it applies often has a chart's labels. Else the label by which it tracks, unless charts set that, too.
 * 2. Flux, `flux:helmrelease/<namespace>/<name>`, then `flux:kustomization/<namespace>/<name>`. A HelmRelease installs by Helm, so its
 *    objects have Helm's annotations as well.
 * 3. Helm, `helm:<release>`, or `helm:<namespace>/<release>` where the release is not of the object's namespace.
 * 4. A label by which Argo CD tracks and that charts set, too: what Helm has not installed is Argo CD's.
 * 5. A chart that something else has rendered and applied, `helm:<release>` by its usual labels, else `helm:<chart>` without the version.
 *
 * @param controller the owner reference marked as controller
 */
export function readSource(
  object: unknown,
  id: ResourceId,
  controller: Controller | undefined,
  argocdInstanceLabel: string,
): string | undefined {
  const labels = fieldsAt(object, "metadata", "labels");
  const annotations = fieldsAt(object, "metadata", "annotations");
  const labelled = label(labels, argocdInstanceLabel);
  const source =
    trackedByArgoCd(annotations, id, controller) ??
    (argocdInstanceLabel === chartInstanceLabel ? undefined : argoCd(labelled)) ??
    flux(labels, fluxHelm) ??
    flux(labels, fluxKustomize) ??
    helmRelease(annotations, id) ??
    argoCd(labelled) ??
    renderedChart(labels);
  return source === undefined ? undefined : shortText(source, maxLength);
}

const chartInstanceLabel = "app.kubernetes.io/instance";

/** `<application>:<group>/<kind>:<namespace>/<name>`; of an object without a namespace, with the one that the application deploys to. */
const trackingId = /^([^:]+):([^:/]*)\/([^:/]+):([^/]*)\/([^/]+)$/;

function trackedByArgoCd(
  annotations: Fields | undefined,
  id: ResourceId,
  controller: Controller | undefined,
): string | undefined {
  const tracked = annotation(annotations, "argocd.argoproj.io/tracking-id");
  const read = tracked === undefined ? null : trackingId.exec(tracked);
  if (read === null) return undefined;
  const [, application = "", group = "", kind = "", namespace, name] = read;
  const named = kindName(group, kind);
  const isOwn = named === kindName(id.group, id.kind) && name === id.name;
  const isOfController = named === controller?.kind && name === controller.name;
  if (!isOwn && !isOfController) return undefined;
  return id.namespace === "" || id.namespace === namespace ? argoCd(application) : undefined;
}

/** An application outside of Argo CD's own namespace is called `<namespace>_<name>`: neither may hold that character. */
function argoCd(application: string | undefined): string | undefined {
  return application === undefined ? undefined : `argocd:${application.replace("_", "/")}`;
}

/** What Flux applies by, and the labels by which it tells. */
const fluxHelm = {
  kind: "helmrelease",
  name: "helm.toolkit.fluxcd.io/name",
  namespace: "helm.toolkit.fluxcd.io/namespace",
} as const;
const fluxKustomize = {
  kind: "kustomization",
  name: "kustomize.toolkit.fluxcd.io/name",
  namespace: "kustomize.toolkit.fluxcd.io/namespace",
} as const;

function flux(labels: Fields | undefined, by: typeof fluxHelm | typeof fluxKustomize): string | undefined {
  const name = label(labels, by.name);
  if (name === undefined) return undefined;
  const namespace = label(labels, by.namespace);
  return namespace === undefined ? undefined : `flux:${by.kind}/${namespace}/${name}`;
}

function helmRelease(annotations: Fields | undefined, id: ResourceId): string | undefined {
  const release = annotation(annotations, "meta.helm.sh/release-name");
  if (release === undefined) return undefined;
  const namespace = annotation(annotations, "meta.helm.sh/release-namespace") ?? id.namespace;
  return namespace === id.namespace ? `helm:${release}` : `helm:${namespace}/${release}`;
}

function renderedChart(labels: Fields | undefined): string | undefined {
  const isOfHelm = label(labels, "app.kubernetes.io/managed-by") === "Helm";
  const release = isOfHelm ? label(labels, chartInstanceLabel) : undefined;
  const chart = label(labels, "helm.sh/chart")?.replace(chartVersion, "");
  const name = release ?? chart;
  return name === undefined || name === "" ? undefined : `helm:${name}`;
}

/** Charts are labelled `<name>-<version>`, the version in SemVer with `_` for `+`. */
const chartVersion = /-v?\d+\.\d+(?:\.\d+)?(?:[-_][0-9A-Za-z._-]*)?$/;

/** What is longer is no label: it stands in a manifest that no API server would take. */
const maxLabelLength = 63;

function label(labels: Fields | undefined, key: string): string | undefined {
  const value = textAt(labels, key);
  return value && value.length <= maxLabelLength ? value : undefined;
}

function annotation(annotations: Fields | undefined, key: string): string | undefined {
  return textAt(annotations, key) || undefined;
}
