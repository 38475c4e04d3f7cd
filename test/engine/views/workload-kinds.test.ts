import { describe, expect, it } from "vitest";
import { runsForever, templatePath, workloadKinds } from "../../../src/engine/views/workload-kinds.ts";

describe("workload kinds", () => {
  it.each([
    ["Pod", ""],
    ["PodTemplate", "template"],
    ["ReplicationController", "spec.template"],
    ["Deployment.apps", "spec.template"],
    ["ReplicaSet.apps", "spec.template"],
    ["StatefulSet.apps", "spec.template"],
    ["DaemonSet.apps", "spec.template"],
    ["Deployment.extensions", "spec.template"],
    ["ReplicaSet.extensions", "spec.template"],
    ["StatefulSet.extensions", "spec.template"],
    ["DaemonSet.extensions", "spec.template"],
    ["Job.batch", "spec.template"],
    ["CronJob.batch", "spec.jobTemplate.spec.template"],
    ["Rollout.argoproj.io", "spec.template"],
    ["DeploymentConfig.apps.openshift.io", "spec.template"],
  ] as const)("hold the template of a %s at %j", (kind, path) => {
    expect(templatePath(kind)?.join(".")).toBe(path);
    expect(workloadKinds).toContain(kind);
  });

  it("are no more than those", () => {
    expect(workloadKinds).toHaveLength(15);
    expect(templatePath("Deployment.example.com")).toBeUndefined();
  });

  it("run for ever but for Jobs", () => {
    expect(workloadKinds.filter((kind) => !runsForever(kind))).toEqual(["Job.batch", "CronJob.batch"]);
    expect(runsForever("Service")).toBe(false);
  });
});
