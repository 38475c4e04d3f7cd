import { describe, expect, it } from "vitest";
import type { Controller } from "../../../src/engine/judged.ts";
import { readSource } from "../../../src/engine/ownership/read-source.ts";

const web = { group: "apps", kind: "Deployment", namespace: "shop", name: "web" };
const role = { group: "rbac.authorization.k8s.io", kind: "ClusterRole", namespace: "", name: "system:web" };
const trackingId = "argocd.argoproj.io/tracking-id";

type Marks = Readonly<Record<string, string>>;

interface Options {
  readonly id?: typeof web;
  readonly controller?: Controller;
  readonly instanceLabel?: string;
}

function source(labels: Marks, annotations: Marks = {}, options: Options = {}): string | undefined {
  const { id = web, controller, instanceLabel = "argocd.argoproj.io/instance" } = options;
  return readSource({ metadata: { labels, annotations } }, id, controller, instanceLabel);
}

const tracked = (by: string, options?: Options) => source({}, { [trackingId]: by }, options);
const kustomization = {
  "kustomize.toolkit.fluxcd.io/name": "apps",
  "kustomize.toolkit.fluxcd.io/namespace": "flux-system",
};
const helmRelease = { "helm.toolkit.fluxcd.io/name": "web", "helm.toolkit.fluxcd.io/namespace": "shop" };
const helm = { "meta.helm.sh/release-name": "checkout", "meta.helm.sh/release-namespace": "shop" };
const chart = { "helm.sh/chart": "web-1.2.3", "app.kubernetes.io/managed-by": "Helm" };

describe("the source of an object", () => {
  it("is nothing where nothing marks it", () => {
    expect(source({ app: "web", "app.kubernetes.io/instance": "web" })).toBeUndefined();
  });

  describe("by Argo CD", () => {
    it("is the application of a tracking id that names the object", () => {
      expect(tracked("shop-app:apps/Deployment:shop/web")).toBe("argocd:shop-app");
    });

    it("is named with the namespace of an application outside of Argo CD's own", () => {
      expect(tracked("team-a_shop-app:apps/Deployment:shop/web")).toBe("argocd:team-a/shop-app");
    });

    it("is known on an object without a namespace, whose tracking id has the one that is deployed to", () => {
      expect(tracked("roles:rbac.authorization.k8s.io/ClusterRole:shop/system:web", { id: role })).toBe("argocd:roles");
    });

    it("is known where a controller handed its own tracking id down", () => {
      const controller = { kind: "Prometheus.monitoring.coreos.com", name: "k8s" };
      const handedDown = "monitoring:monitoring.coreos.com/Prometheus:shop/k8s";
      expect(tracked(handedDown, { controller })).toBe("argocd:monitoring");
      expect(tracked(handedDown)).toBeUndefined();
    });

    it.each([
      ["another name", "app:apps/Deployment:shop/copy"],
      ["another namespace", "app:apps/Deployment:bank/web"],
      ["another kind", "app:apps/StatefulSet:shop/web"],
      ["another group", "app:/Deployment:shop/web"],
      ["no object", "app"],
      ["no name", "app:apps/Deployment:shop/"],
      ["no application", ":apps/Deployment:shop/web"],
      ["too much", "app:apps/Deployment:shop/web/x"],
    ])("is not that of a tracking id that was copied or is none: it names %s", (_, id) => {
      expect(tracked(id)).toBeUndefined();
    });

    it("is read from the label that Argo CD is told to track by", () => {
      expect(source({ "argocd.argoproj.io/instance": "shop-app" })).toBe("argocd:shop-app");
      expect(source({ "example.com/app": "shop-app" }, {}, { instanceLabel: "example.com/app" })).toBe(
        "argocd:shop-app",
      );
    });

    it("is read from the label that charts set, too, only where that is what Argo CD tracks by", () => {
      const labels = { "app.kubernetes.io/instance": "shop-app" };
      const options = { instanceLabel: "app.kubernetes.io/instance" };
      expect(source(labels)).toBeUndefined();
      expect(source({ ...labels, ...chart }, {}, options)).toBe("argocd:shop-app");
      expect(source({ ...labels, ...chart }, helm, options)).toBe("helm:checkout");
    });
  });

  describe("by Flux", () => {
    it("is the HelmRelease or the Kustomization, by namespace and name", () => {
      expect(source(helmRelease)).toBe("flux:helmrelease/shop/web");
      expect(source(kustomization)).toBe("flux:kustomization/flux-system/apps");
    });

    it("needs both labels", () => {
      expect(source({ "kustomize.toolkit.fluxcd.io/name": "apps" })).toBeUndefined();
    });
  });

  describe("by Helm", () => {
    it("is the release", () => {
      expect(source({}, helm)).toBe("helm:checkout");
    });

    it("is named with the namespace of a release that is not in the object's", () => {
      expect(source({}, { ...helm, "meta.helm.sh/release-namespace": "apps" })).toBe("helm:apps/checkout");
      expect(source({}, helm, { id: role })).toBe("helm:shop/checkout");
    });

    it("is the release of a chart that something else applied, as its labels tell", () => {
      expect(source({ ...chart, "app.kubernetes.io/instance": "checkout" })).toBe("helm:checkout");
    });

    it.each([
      ["web-1.2.3", "helm:web"],
      ["kube-prometheus-stack-58.2.1", "helm:kube-prometheus-stack"],
      ["redis-6-cluster-1.2.3-rc.1_build.5", "helm:redis-6-cluster"],
      ["web-v0.4", "helm:web"],
      ["web", "helm:web"],
      ["-1.2.3", undefined],
    ])("is the chart %s without its version where no release is known", (label, expected) => {
      expect(source({ "helm.sh/chart": label })).toBe(expected);
    });

    it("is not a label that no API server would take", () => {
      expect(source({ "helm.sh/chart": `${"a-1.2".repeat(20_000)}!` })).toBeUndefined();
    });
  });

  it.each([
    [
      "Argo CD over the chart that it rendered",
      { ...chart, "argocd.argoproj.io/instance": "shop-app" },
      {},
      "argocd:shop-app",
    ],
    [
      "Argo CD over the release that it took over",
      {},
      { ...helm, [trackingId]: "app:apps/Deployment:shop/web" },
      "argocd:app",
    ],
    [
      "Argo CD over labels of Flux in Git",
      kustomization,
      { [trackingId]: "app:apps/Deployment:shop/web" },
      "argocd:app",
    ],
    [
      "a HelmRelease over the release that it installs",
      { ...helmRelease, ...chart },
      helm,
      "flux:helmrelease/shop/web",
    ],
    ["a HelmRelease over a Kustomization", { ...kustomization, ...helmRelease }, {}, "flux:helmrelease/shop/web"],
    ["a release over its chart", chart, helm, "helm:checkout"],
  ])("takes %s", (_, labels, annotations, expected) => {
    expect(source(labels, annotations)).toBe(expected);
  });

  it("is of bounded length and on one line", () => {
    expect(source({}, { "meta.helm.sh/release-name": `a\nb${"x".repeat(500)}` })).toMatch(/^helm:a b.{119}…$/);
  });
});
