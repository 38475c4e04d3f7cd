import { describe, expect, it } from "vitest";
import { effectiveIds } from "../../../src/engine/views/effective-ids.ts";
import { podSpecOf } from "../samples.ts";

describe("what containers run as", () => {
  it("is decided by the pod once, and by each container that says it itself or for which nobody does", () => {
    const pod = podSpecOf({
      securityContext: { runAsUser: 1000 },
      containers: [{ name: "app" }, { name: "own", securityContext: { runAsUser: 0 } }],
      initContainers: [{ name: "migrate" }],
    });
    expect(effectiveIds(pod, "runAsUser").map(({ subject, path, id }) => [subject, path, id])).toEqual([
      ["The pod", "securityContext.runAsUser", 1000],
      ["Container own", "containers[name=own].securityContext.runAsUser", 0],
    ]);
    expect(effectiveIds(pod, "runAsGroup").map(({ path, id }) => [path, id])).toEqual([
      ["containers[name=app].securityContext.runAsGroup", undefined],
      ["containers[name=own].securityContext.runAsGroup", undefined],
      ["initContainers[name=migrate].securityContext.runAsGroup", undefined],
    ]);
  });

  it("is not the pod's where nobody inherits it", () => {
    const pod = podSpecOf({
      securityContext: { runAsGroup: 0 },
      containers: [{ name: "own", securityContext: { runAsGroup: 5 } }],
    });
    expect(effectiveIds(pod, "runAsGroup").map(({ id }) => id)).toEqual([5]);
  });
});
