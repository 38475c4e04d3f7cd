import { describe, expect, it } from "vitest";
import { seccompSetting, seccompTypeOf } from "../../../src/engine/views/seccomp.ts";
import { podSpecOf } from "../samples.ts";

const at = (minor: number) => ({ major: 1, minor });

describe("a seccomp annotation", () => {
  it.each([
    ["runtime/default", "RuntimeDefault"],
    ["docker/default", "RuntimeDefault"],
    ["localhost/profiles/web.json", "Localhost"],
    ["localhost/", "Localhost"],
    ["unconfined", "Unconfined"],
    ["localhost", undefined],
    ["RuntimeDefault", undefined],
    ["", undefined],
  ])("that says %j names the type %s", (profile, type) => {
    expect(seccompTypeOf(profile)).toBe(type);
  });
});

describe("what sets a seccomp profile", () => {
  const pod = podSpecOf(
    {
      securityContext: { seccompProfile: { type: "RuntimeDefault" } },
      containers: [{ name: "app" }, { name: "own", securityContext: { seccompProfile: {} } }, { name: "none" }],
    },
    {
      "seccomp.security.alpha.kubernetes.io/pod": "unconfined",
      "container.seccomp.security.alpha.kubernetes.io/app": "profiles/web",
      "container.seccomp.security.alpha.kubernetes.io/own": "unconfined",
    },
  );
  const [app, own, none] = pod.all;

  it("is the field before the annotation, a field without type too", () => {
    expect(seccompSetting(pod, at(20))).toEqual({ path: "securityContext.seccompProfile", type: "RuntimeDefault" });
    expect(seccompSetting(pod, at(20), own)).toEqual({
      path: "containers[name=own].securityContext.seccompProfile",
      type: "",
    });
  });

  it("is the annotation where there is no field, up to 1.26", () => {
    const path = 'metadata.annotations["container.seccomp.security.alpha.kubernetes.io/app"]';
    expect(seccompSetting(pod, at(26), app)).toEqual({ path, type: "profiles/web" });
    expect(seccompSetting(pod, at(27), app)).toBeUndefined();
  });

  it("is nothing where there is neither", () => {
    expect(seccompSetting(pod, at(20), none)).toBeUndefined();
  });
});
