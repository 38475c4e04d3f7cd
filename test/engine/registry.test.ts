import { describe, expect, it } from "vitest";
import type { PackMembership } from "../../src/engine/pack-membership.ts";
import { createRegistry, findPack, InvalidRulesError } from "../../src/engine/registry.ts";
import { cpuLimit, memoryLimit, sampleRules } from "./sample-rules.ts";
import { registry, release } from "./samples.ts";

function idsOf(pack: string, at = release): readonly string[] {
  const found = findPack(registry, pack, at);
  return found.ok ? [...found.rules.keys()] : [found.message];
}

function paramsOf(pack: string, rule: string, at = release): unknown {
  const found = findPack(registry, pack, at);
  return found.ok ? found.rules.get(rule) : found.message;
}

describe("a registry", () => {
  it("holds its rules sorted by id, whatever order they come in", () => {
    const ids = [...registry.rules.keys()];
    expect([...createRegistry([...sampleRules].reverse()).rules.keys()]).toEqual(ids);
    expect(ids).toEqual([...ids].sort());
  });

  it("has every known pack, with a line that describes it", () => {
    expect([...registry.packs].map(([name, { description }]) => [name, description.length > 20])).toEqual(
      [
        "recommended",
        "datree-default",
        "datree-starter",
        "strict",
        "pss-baseline",
        "pss-restricted",
        "nsa",
        "cis",
        "eks",
        "argo",
        "secrets",
        "deprecation",
        "reliability",
        "rbac",
        "network",
      ].map((name) => [name, true]),
    );
  });

  it("refuses two rules of one id", () => {
    expect(() => createRegistry([memoryLimit, cpuLimit, memoryLimit])).toThrow(InvalidRulesError);
  });

  it("refuses a rule in a pack that does not exist, and says which was meant", () => {
    const rule = { ...memoryLimit, packs: { recomended: {} } };
    expect(() => createRegistry([rule])).toThrow(
      'memory-limit: no pack is called recomended; did you mean "recommended"?',
    );
  });

  it("refuses pack parameters that the rule does not take", () => {
    const rule = { ...memoryLimit, packs: { strict: { max: "much" } } };
    expect(() => createRegistry([rule])).toThrow("memory-limit: strict brings parameters that the rule does not take");
  });

  it.each<[string, PackMembership, string]>([
    ["a pack that follows none", { strict: [{ from: "1.30" }] }, "strict follows no release"],
    ["no release", { "pss-baseline": [] }, "pss-baseline is named without a release"],
    ["an end before the beginning", { "pss-baseline": [{ from: "1.30", to: "1.29" }] }, "end before they begin"],
    ["a beginning that is to come", { "pss-baseline": [{ from: "1.99" }] }, "names releases that are none"],
    ["what is no release", { "pss-baseline": [{ to: "1.2e5" }] }, "names releases that are none"],
    [
      "parameters that the rule does not take",
      { "pss-baseline": [{ to: "1.29" }, { from: "1.30", params: { max: "much" } }] },
      "pss-baseline brings parameters that the rule does not take",
    ],
  ])("refuses releases of a pack with %s", (_, packs, mistake) => {
    expect(() => createRegistry([{ ...memoryLimit, packs }])).toThrow(mistake);
  });
});

describe("a pack", () => {
  it("holds what exists", () => {
    expect(idsOf("recommended")).toEqual(["memory-limit"]);
  });

  it("may be empty", () => {
    expect(idsOf("cis")).toEqual([]);
  });

  it("brings parameters along", () => {
    expect(paramsOf("strict", "memory-limit")).toEqual({ max: "4Gi" });
  });

  it("that does not exist is an error with the nearest name", () => {
    expect(findPack(registry, "pss-baselin", release)).toEqual({
      ok: false,
      reason: "UnknownPack",
      message: 'no pack is called "pss-baselin"; did you mean "pss-baseline"?',
    });
  });
});

describe("a pack of the Pod Security Standards", () => {
  it("is that of the cluster's release", () => {
    expect(idsOf("pss-baseline", { major: 1, minor: 36 })).toContain("no-probe-host");
    expect(idsOf("pss-baseline", { major: 1, minor: 33 })).not.toContain("no-probe-host");
  });

  it("is that of the release it is pinned to", () => {
    expect(idsOf("pss-baseline@1.29")).toEqual(["allowed-capabilities", "no-host-network", "no-unconfined-seccomp"]);
  });

  it("hands its pin to the rules that take a release, and to no others", () => {
    expect(paramsOf("pss-baseline@1.29", "no-unconfined-seccomp")).toEqual({ release: "1.29" });
    expect(paramsOf("pss-baseline@1.29", "no-host-network")).toEqual({});
  });

  it("keeps rules out that belong to it in older releases only", () => {
    expect(idsOf("pss-restricted")).not.toContain("no-unconfined-seccomp");
    expect(idsOf("pss-restricted@1.18")).toContain("no-unconfined-seccomp");
  });

  it("changes parameters with the release", () => {
    expect(paramsOf("pss-restricted@1.21", "allowed-capabilities")).toEqual({});
    expect(paramsOf("pss-restricted@1.22", "allowed-capabilities")).toEqual({ allowed: ["NET_BIND_SERVICE"] });
  });

  it.each([
    ["pss-baseline@1.99", '"1.99" is not a release from 1.0 to 1.37'],
    ["pss-baseline@2.1", '"2.1" is not a release from 1.0 to 1.37'],
    ["pss-baseline@latest", '"latest" is not a release from 1.0 to 1.37'],
    ["pss-baseline@1.29@1.30", '"1.29" is not a release from 1.0 to 1.37'],
    ["recommended@1.29", "recommended follows no release: only pss-baseline and pss-restricted can be pinned"],
  ])("cannot be spelled %s", (spelling, message) => {
    expect(findPack(registry, spelling, release)).toEqual({ ok: false, reason: "InvalidSpec", message });
  });

  it("leaves a rule alone that another pack brings", () => {
    expect(idsOf("strict", { major: 1, minor: 20 })).toContain("no-probe-host");
  });
});
