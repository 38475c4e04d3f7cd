import { describe, expect, it } from "vitest";
import { isExemptInUserNamespace, isExemptOnWindows } from "../../../src/engine/views/pod-exemptions.ts";
import { podSpecOf } from "../samples.ts";

const at = (minor: number, release?: string) => ({ params: { release }, context: { release: { major: 1, minor } } });

describe("a Pod on Windows", () => {
  const pod = podSpecOf({ os: { name: "windows" } });

  it("is exempt from 1.25 on", () => {
    expect([24, 25, 37].map((minor) => isExemptOnWindows(pod, at(minor)))).toEqual([false, true, true]);
  });

  it("is judged by the release of the rule's parameter where it has one", () => {
    expect(isExemptOnWindows(pod, at(37, "1.24"))).toBe(false);
    expect(isExemptOnWindows(pod, at(20, "1.25"))).toBe(true);
  });

  it.each([{}, { os: {} }, { os: { name: "linux" } }, { os: "windows" }])("is none that says %j", (spec) => {
    expect(isExemptOnWindows(podSpecOf(spec), at(37))).toBe(false);
  });
});

describe("a Pod in a user namespace", () => {
  it("is exempt from 1.35 on", () => {
    const pod = podSpecOf({ hostUsers: false });
    expect([34, 35].map((minor) => isExemptInUserNamespace(pod, at(minor)))).toEqual([false, true]);
    expect(isExemptInUserNamespace(pod, at(37, "1.34"))).toBe(false);
  });

  it.each([{}, { hostUsers: true }, { hostUsers: null }])("is none that says %j", (spec) => {
    expect(isExemptInUserNamespace(podSpecOf(spec), at(37))).toBe(false);
  });
});
