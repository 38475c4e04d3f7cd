import { describe, expect, it } from "vitest";
import { apiVersionsInUse } from "../../../src/engine/views/api-versions.ts";
import { viewResource } from "../../../src/engine/views/resource-view.ts";

function inUse(metadata: object) {
  const view = viewResource({ apiVersion: "batch/v1", kind: "CronJob", metadata: { name: "report", ...metadata } });
  if (view === undefined) throw new Error("the object says nothing");
  return apiVersionsInUse(view, () => true);
}

const applied = (text: string) => ({ annotations: { "kubectl.kubernetes.io/last-applied-configuration": text } });

describe("the API versions in use", () => {
  it("of a manifest are its own", () => {
    expect(inUse({})).toEqual([{ apiVersion: "batch/v1", managers: [] }]);
  });

  it("of a manifest are none where its own is not wanted", () => {
    const view = viewResource({ apiVersion: "batch/v1", kind: "CronJob", metadata: { name: "report" } });
    expect(view && apiVersionsInUse(view, () => false)).toEqual([]);
  });

  it("of a live object are those of its managers and of what was last applied", () => {
    const metadata = {
      uid: "1",
      ...applied('{"apiVersion":"batch/v1beta1"}'),
      managedFields: [
        { manager: "helm", apiVersion: "batch/v1beta1" },
        { manager: "argocd", apiVersion: "batch/v1" },
        { apiVersion: "batch/v1" },
      ],
    };
    expect(inUse(metadata)).toEqual([
      { apiVersion: "batch/v1", managers: ["argocd", "unknown"] },
      { apiVersion: "batch/v1beta1", managers: ["helm", "kubectl apply"] },
    ]);
  });

  it.each(["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet"])("leave out %s", (manager) => {
    expect(inUse({ uid: "1", managedFields: [{ manager, apiVersion: "batch/v1beta1" }] })).toEqual([]);
  });

  it("are sorted, and so are their managers", () => {
    const managedFields = [
      { manager: "helm", apiVersion: "batch/v2" },
      { manager: "argocd", apiVersion: "batch/v2" },
      { manager: "helm", apiVersion: "batch/v1" },
      { manager: "flux", apiVersion: "batch/v1beta1" },
    ];
    expect(inUse({ uid: "1", managedFields })).toEqual([
      { apiVersion: "batch/v1", managers: ["helm"] },
      { apiVersion: "batch/v1beta1", managers: ["flux"] },
      { apiVersion: "batch/v2", managers: ["argocd", "helm"] },
    ]);
  });

  it("leave out the control plane and subresources", () => {
    const managedFields = [
      { manager: "kube-controller-manager", apiVersion: "batch/v1beta1" },
      { manager: "helm", apiVersion: "batch/v1beta1", subresource: "status" },
      { manager: "helm" },
      "text",
    ];
    expect(inUse({ uid: "1", managedFields })).toEqual([]);
  });

  it.each(["{", "null", "[]", '"text"', '{"apiVersion": 1}', ""])("take nothing from the annotation %j", (text) => {
    expect(inUse({ uid: "1", ...applied(text) })).toEqual([]);
  });
});
