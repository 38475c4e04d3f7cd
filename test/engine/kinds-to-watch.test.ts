import { describe, expect, it } from "vitest";
import { kindsToWatch } from "../../src/engine/kinds-to-watch.ts";
import { policyOf } from "./samples.ts";

const served = [
  "Pod",
  "Service",
  "ServiceAccount",
  "Secret",
  "ConfigMap",
  "Event",
  "Event.events.k8s.io",
  "Deployment.apps",
  "ReplicaSet.apps",
  "ControllerRevision.apps",
  "Job.batch",
  "Lease.coordination.k8s.io",
  "EndpointSlice.discovery.k8s.io",
  "Policy.pawl.dev",
  "PolicyReport.wgpolicyk8s.io",
  "Report.openreports.io",
  "Widget.example.com",
  "Gadget.example.com",
].map((name) => ({ name }));

function names(...specs: readonly Readonly<Record<string, unknown>>[]): readonly string[] {
  return kindsToWatch(
    specs.map((spec) => policyOf(spec, { secretMetadata: true })),
    served,
  ).watched.map(({ kind }) => kind.name);
}

describe("kinds to watch", () => {
  it("are the served ones that rules name, sorted", () => {
    expect(names({})).toEqual(["Deployment.apps", "Job.batch", "Pod", "ReplicaSet.apps"]);
  });

  it("are those that rules read, too", () => {
    const { watched } = kindsToWatch([policyOf({ rules: { packs: ["network"] } })], served);
    expect(watched.map(({ kind, judged, read }) => [kind.name, judged, read])).toEqual([
      ["Deployment.apps", false, true],
      ["Job.batch", false, true],
      ["Pod", false, true],
      ["ReplicaSet.apps", false, true],
      ["Service", true, false],
    ]);
  });

  it("are those of all policies together", () => {
    expect(names({ rules: { packs: ["network"] } }, { rules: { packs: ["rbac"] } })).toEqual(
      expect.arrayContaining(["Service", "ServiceAccount", "Deployment.apps"]),
    );
  });

  it("are those of match.kinds, by name and by group", () => {
    expect(names({ match: { kinds: ["ConfigMap", "*.example.com"] }, rules: { packs: ["cis"] } })).toEqual([
      "ConfigMap",
      "Gadget.example.com",
      "Widget.example.com",
    ]);
  });

  it("are never what only repeats or tells of others, even if a whole group is named", () => {
    const kinds = ["*.apps", "*.events.k8s.io", "*.coordination.k8s.io", "*.discovery.k8s.io"];
    expect(names({ match: { kinds }, rules: { packs: ["cis"] } })).toEqual(["Deployment.apps", "ReplicaSet.apps"]);
  });

  it("are nothing for a rule for any kind alone: never the whole API", () => {
    const rules = { packs: ["cis"], override: [{ id: "owner-label", severity: "Low" }] };
    expect(names({ rules })).toEqual([]);
  });

  it("are Secrets as metadata only", () => {
    const { watched } = kindsToWatch([policyOf({ rules: { packs: ["secrets"] } }, { secretMetadata: true })], served);
    expect(watched).toEqual([{ kind: { name: "Secret" }, judged: true, read: false, metadataOnly: true }]);
  });

  it("are not Secrets without the right to list them", () => {
    expect(kindsToWatch([policyOf({ rules: { packs: ["secrets"] } })], served).watched).toEqual([]);
  });

  it("are Secrets where a policy asks for them by name: what cannot be listed is then a hole", () => {
    const { watched } = kindsToWatch([policyOf({ match: { kinds: ["Secret"] }, rules: { packs: ["cis"] } })], served);
    expect(watched.map(({ kind }) => kind.name)).toEqual(["Secret"]);
  });

  it("come beside those that are named and not served", () => {
    const spec = { match: { kinds: ["Thing.example.com", "*.absent.example"] }, rules: { packs: ["rbac"] } };
    const { notServed } = kindsToWatch([policyOf(spec)], served);
    expect(notServed).toContain("Thing.example.com");
    expect(notServed).toContain("Rollout.argoproj.io");
    expect(notServed).not.toContain("*.absent.example");
    expect(notServed).not.toContain("ServiceAccount");
  });

  it("carry along whatever the caller knows of a kind", () => {
    const { watched } = kindsToWatch([policyOf({})], [{ name: "Pod", plural: "pods" }]);
    expect(watched[0]?.kind.plural).toBe("pods");
  });

  it("count once where discovery lists a kind in two versions", () => {
    const { watched } = kindsToWatch(
      [policyOf({})],
      [
        { name: "Pod", version: "v1" },
        { name: "Pod", version: "v2" },
      ],
    );
    expect(watched.map(({ kind }) => kind.version)).toEqual(["v1"]);
  });
});
