import { describe, expect, it } from "vitest";
import { evaluateResource } from "../../src/engine/evaluate-resource.ts";
import { carrierOf, controllerOf, generateNameOf, isFolded, ownerLookup } from "../../src/engine/folding.ts";
import type { Judged } from "../../src/engine/judged.ts";
import { type KubeObject, resourceRef } from "../../src/engine/resource.ts";
import { context, deployment, live, pod, podSpec, policyOf } from "./samples.ts";

const policies = [policyOf({ match: { kinds: ["*.argoproj.io"] } })];
const byDeployment = ["apps/v1", "Deployment", "checkout"] as const;
const byReplicaSet = ["apps/v1", "ReplicaSet", "checkout-5d8"] as const;
const byWorkflow = ["argoproj.io/v1alpha1", "Workflow", "build-x7k2p"] as const;

function judged(object: KubeObject): Judged {
  const one = evaluateResource(object, policies, context);
  if (one === undefined) throw new Error("not usable");
  return one;
}

/** How the first of some objects is carried, as `ref` and whether it is a family. */
function carried(first: KubeObject, ...others: readonly KubeObject[]): string {
  const all = [first, ...others].map(judged);
  const [one = judged(first)] = all;
  const { id, generated } = carrierOf(one, ownerLookup(all));
  return `${id.namespace} ${resourceRef(id)}${generated ? " (family)" : ""}`;
}

const replicaSet = live("apps/v1", "ReplicaSet", "checkout-5d8", { controller: byDeployment });
const debugged = pod(
  "checkout-5d8-x2f",
  { controller: byReplicaSet },
  podSpec([{ name: "app" }], { ephemeralContainers: [{ name: "debug" }] }),
);
const workflow = live("argoproj.io/v1alpha1", "Workflow", "build-x7k2p", { generateName: "build-" });

describe("the controller of an object", () => {
  it("is the owner reference marked as such", () => {
    const others = [{ apiVersion: "v1", kind: "ConfigMap", name: "other", uid: "1" }];
    const object = {
      metadata: {
        ownerReferences: [
          ...others,
          { apiVersion: "apps/v1", kind: "ReplicaSet", name: "web", uid: "2", controller: true },
        ],
      },
    };
    expect(controllerOf(object)).toEqual({ kind: "ReplicaSet.apps", name: "web" });
  });

  it("is of the core group where the version has no group", () => {
    expect(controllerOf(pod("web", { controller: ["v1", "Node", "node-1"] }))).toEqual({
      kind: "Node",
      name: "node-1",
    });
  });

  it("is none where no reference is marked", () => {
    expect(
      controllerOf({
        metadata: { ownerReferences: [{ apiVersion: "v1", kind: "Node", name: "n", controller: false }] },
      }),
    ).toBeUndefined();
  });

  it.each([
    [{ kind: "ReplicaSet", name: "web" }],
    [{ apiVersion: "apps/v1", name: "web" }],
    [{ apiVersion: "apps/v1", kind: "ReplicaSet" }],
  ])("is none where the reference is incomplete: %j", (reference) => {
    expect(controllerOf({ metadata: { ownerReferences: [{ ...reference, controller: true }] } })).toBeUndefined();
  });
});

describe("folding: LEDGER 6.3, by the controller reference alone", () => {
  it.each([
    ["Pod", "ReplicaSet.apps", true],
    ["Pod", "Job.batch", true],
    ["Pod", "Rollout.argoproj.io", true],
    ["ReplicaSet.apps", "Deployment.apps", true],
    ["ReplicaSet.apps", "Rollout.argoproj.io", true],
    ["Job.batch", "CronJob.batch", true],
    ["ReplicationController", "DeploymentConfig.apps.openshift.io", true],
    ["Pod", "Node", false],
    ["Pod", "Workflow.argoproj.io", false],
    ["Pod", "Pod", false],
    ["Pod", "Deployment.example.com", false],
    ["Job.batch", "Workflow.argoproj.io", false],
    ["StatefulSet.apps", "Prometheus.monitoring.coreos.com", false],
    ["Deployment.apps", "Deployment.apps", false],
  ])("of a %s into a %s: %s", (kind, owner, expected) => {
    expect(isFolded(kind, { kind: owner, name: "x" })).toBe(expected);
  });

  it("does not happen without a controller", () => {
    expect(isFolded("Pod", undefined)).toBe(false);
  });

  it("is decided by the reference alone, seen or not", () => {
    expect(judged(replicaSet).role).toBe("folded");
  });

  it("leaves the ephemeral containers of a Pod to be judged", () => {
    expect(judged(debugged).role).toBe("ephemeral");
  });
});

describe("the carrier", () => {
  it("of an object that is not folded is itself", () => {
    expect(carried(deployment("checkout"))).toBe("shop Deployment.apps/checkout");
  });

  it("of what a debugged Pod shows is the top of its owner chain", () => {
    expect(carried(debugged, replicaSet, deployment("checkout"))).toBe("shop Deployment.apps/checkout");
  });

  it("is the top by name alone, before the top itself is seen", () => {
    expect(carried(debugged, replicaSet)).toBe("shop Deployment.apps/checkout");
  });

  it("is as far up as the chain is known", () => {
    expect(carried(debugged)).toBe("shop ReplicaSet.apps/checkout-5d8");
  });

  it("is a ReplicaSet that nothing controls", () => {
    expect(carried(debugged, live("apps/v1", "ReplicaSet", "checkout-5d8"))).toBe("shop ReplicaSet.apps/checkout-5d8");
  });

  it("is never taken from another namespace", () => {
    const elsewhere = live("apps/v1", "ReplicaSet", "checkout-5d8", { namespace: "bank", controller: byDeployment });
    expect(carried(debugged, elsewhere)).toBe("shop ReplicaSet.apps/checkout-5d8");
  });

  it("is found although the chain runs in a circle", () => {
    const [a, b] = [
      ["a", "b"],
      ["b", "a"],
    ].map(([name = "", other = ""]) =>
      live("apps/v1", "ReplicaSet", name, { controller: ["apps/v1", "ReplicaSet", other] }),
    );
    const inCircle = pod(
      "x",
      { controller: ["apps/v1", "ReplicaSet", "a"] },
      { ephemeralContainers: [{ name: "debug" }] },
    );
    expect(carried(inCircle, a ?? {}, b ?? {})).toMatch(/^shop ReplicaSet\.apps\/[ab]$/);
  });
});

describe("a generated name: LEDGER 5.1", () => {
  it("stands for its family", () => {
    expect(carried(live("batch/v1", "Job", "backup-7xk2p", { generateName: "backup-" }))).toBe(
      "shop Job.batch/backup-* (family)",
    );
  });

  it("of an owner stands for what it owns", () => {
    expect(carried(pod("build-x7k2p-step-1", { controller: byWorkflow }), workflow)).toBe("shop Pod/build-* (family)");
  });

  it("is the topmost of the chain", () => {
    const cron = live("argoproj.io/v1alpha1", "CronWorkflow", "nightly-8", { generateName: "nightly-" });
    const below = live("argoproj.io/v1alpha1", "Workflow", "build-x7k2p", {
      generateName: "build-",
      controller: ["argoproj.io/v1alpha1", "CronWorkflow", "nightly-8"],
    });
    expect(carried(pod("p", { controller: byWorkflow }), below, cron)).toBe("shop Pod/nightly-* (family)");
  });

  it("is the object's own where the owner is not known", () => {
    const step = pod("build-x7k2p-step-1-abcde", { generateName: "build-x7k2p-step-1-", controller: byWorkflow });
    expect(carried(step)).toBe("shop Pod/build-x7k2p-step-1-* (family)");
  });

  it("is the object's own where the owner has none", () => {
    const named = live("argoproj.io/v1alpha1", "Workflow", "build-x7k2p");
    expect(carried(pod("job-abcde", { generateName: "job-", controller: byWorkflow }), named)).toBe(
      "shop Pod/job-* (family)",
    );
  });

  it("of a top controller names what its debugged Pods show", () => {
    const job = live("batch/v1", "Job", "backup-7xk2p", { generateName: "backup-" });
    const helper = pod(
      "backup-7xk2p-q",
      { controller: ["batch/v1", "Job", "backup-7xk2p"] },
      { ephemeralContainers: [{ name: "debug" }] },
    );
    expect(carried(helper, job)).toBe("shop Job.batch/backup-* (family)");
  });

  it.each([
    ["web-abcde", "web-", "web-"],
    ["other", "web-", undefined],
    ["web-abcde", "", undefined],
    [`${"a".repeat(58)}xyz12`, "a".repeat(63), "a".repeat(63)],
  ])("%s from the prefix %s is read as %s", (name, generateName, expected) => {
    expect(generateNameOf({ metadata: { generateName } }, name)).toBe(expected);
  });
});
