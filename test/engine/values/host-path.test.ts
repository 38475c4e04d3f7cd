import { describe, expect, it } from "vitest";
import { cleanPath, isAtOrBelow } from "../../../src/engine/values/host-path.ts";

describe("cleanPath", () => {
  it.each([
    ["/", "/"],
    ["//var///log/", "/var/log"],
    ["/var/./log", "/var/log"],
    ["/var/log/../lib", "/var/lib"],
    ["/../../etc", "/etc"],
    ["/..", "/"],
    ["/./.", "/"],
    ["/var/", "/var"],
    ["/a/", "/a"],
    ["//", "/"],
    ["/.config/./app", "/.config/app"],
    ["var", "/var"],
  ])("makes of %s %s", (path, clean) => {
    expect(cleanPath(path)).toBe(clean);
  });
});

describe("isAtOrBelow", () => {
  it.each([
    ["/data", "/data", true],
    ["/data/a", "/data/", true],
    ["/anything", "/", true],
    ["/data2", "/data", false],
    ["/data", "/data/a", false],
    ["/data/../etc", "/data", false],
  ])("%s at or below %s: %s", (path, parent, expected) => {
    expect(isAtOrBelow(path, parent)).toBe(expected);
  });
});
