import { describe, expect, it } from "vitest";
import { compareVersions, parseVersion } from "../../../src/engine/values/semver.ts";

describe("parseVersion", () => {
  it.each([
    ["1.12.3", [1, 12, 3], []],
    ["v1.12.3", [1, 12, 3], []],
    ["0.0.0", [0, 0, 0], []],
    ["2026.10.11", [2026, 10, 11], []],
    ["1.12.0-beta.0", [1, 12, 0], ["beta", "0"]],
    ["1.12.0-debian-12-r3", [1, 12, 0], ["debian-12-r3"]],
    ["1.12.0-rc.1+build.5", [1, 12, 0], ["rc", "1"]],
    ["1.12.0+build", [1, 12, 0], []],
  ])("reads %s", (text, core, prerelease) => {
    expect(parseVersion(text)).toEqual({ core, prerelease });
  });

  it.each(["", "latest", "1.12", "1.12.", "1.12.3.4", "x1.12.3", "vv1.12.3", "1.12.3-", "1.12.3-a..b", "1.12.3 "])(
    "reads nothing in %j",
    (text) => {
      expect(parseVersion(text)).toBeUndefined();
    },
  );
});

describe("compareVersions", () => {
  const numbers = ["0.9.9", "1.0.0-1", "1.0.0-2", "1.0.0-10"];
  const mixed = ["1.0.0--a", "1.0.0-1a", "1.0.0-1b", "1.0.0-a1", "1.0.0-a2"];
  const order = [...numbers, ...mixed, "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta"];
  const sorted = [...order, "1.0.0-beta", "1.0.0", "1.0.1", "1.0.10", "1.2.0", "1.10.0", "2.0.0"];

  it("sorts by number, and a pre-release before its release", () => {
    for (const [i, one] of sorted.entries())
      for (const [j, other] of sorted.entries()) expect(Math.sign(compare(one, other))).toBe(Math.sign(i - j));
  });

  it("takes versions that differ in build or v only for the same", () => {
    expect(compare("v1.0.0-rc.1+a", "1.0.0-rc.1+b")).toBe(0);
  });

  function compare(a: string, b: string): number {
    const [left, right] = [parseVersion(a), parseVersion(b)];
    if (left === undefined || right === undefined) throw new Error("no version");
    return compareVersions(left, right);
  }
});
