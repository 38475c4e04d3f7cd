import { describe, expect, it } from "vitest";
import {
  type SecuritySetting,
  securityContexts,
  securityOptions,
} from "../../../src/engine/views/security-contexts.ts";
import { podSpecOf } from "../samples.ts";

const pod = podSpecOf({
  securityContext: { runAsUser: 1000, seccompProfile: { type: "Localhost" } },
  containers: [
    { name: "app" },
    { name: "own", securityContext: { seccompProfile: {} } },
    { name: "null", securityContext: null },
  ],
  initContainers: [{ name: "text", securityContext: { seccompProfile: "RuntimeDefault" } }],
});

const shown = ({ subject, path, fields }: SecuritySetting) => [subject, path, fields];

describe("security contexts", () => {
  it("are those that are written, the pod's first, with nothing inherited", () => {
    expect(securityContexts(pod).map(shown)).toEqual([
      ["The pod", "securityContext", { runAsUser: 1000, seccompProfile: { type: "Localhost" } }],
      ["Container own", "containers[name=own].securityContext", { seccompProfile: {} }],
      ["Container text", "initContainers[name=text].securityContext", { seccompProfile: "RuntimeDefault" }],
    ]);
  });

  it("set options if they are a mapping, an empty one too", () => {
    expect(securityOptions(pod, "seccompProfile").map(shown)).toEqual([
      ["The pod", "securityContext.seccompProfile", { type: "Localhost" }],
      ["Container own", "containers[name=own].securityContext.seccompProfile", {}],
    ]);
    expect(securityOptions(pod, "windowsOptions")).toEqual([]);
  });

  it("are none where none is written", () => {
    expect(securityContexts(podSpecOf({ containers: [{ name: "app" }] }))).toEqual([]);
  });
});
