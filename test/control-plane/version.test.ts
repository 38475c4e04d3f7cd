import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  chosenKubernetesVersion,
  DEFAULT_KUBERNETES_VERSION,
  supportedKubernetesVersions,
  UnsupportedVersionError,
  withinOneMinor,
} from "../../tools/control-plane/version.ts";

let modules: string;

beforeAll(() => {
  modules = mkdtempSync(join(tmpdir(), "pawl-modules-"));
  for (const version of ["1.9.3", "1.34.4", "1.34.10", "1.36.3"]) {
    mkdirSync(join(modules, `kubernetes-${version}`));
    for (const file of ["go.mod", "go.sum"]) writeFileSync(join(modules, `kubernetes-${version}`, file), "");
  }
  mkdirSync(join(modules, "kubernetes-1.35.4"));
  writeFileSync(join(modules, "kubernetes-1.35.4", "go.mod"), "");
  mkdirSync(join(modules, "etcd-3.7.3"));
});

afterAll(() => rmSync(modules, { recursive: true }));

describe("the supported versions", () => {
  test("are those with go.mod and go.sum, in the order of versions", () => {
    expect(supportedKubernetesVersions(modules)).toEqual(["1.9.3", "1.34.4", "1.34.10", "1.36.3"]);
  });

  test("include the default and an older minor in this repository", () => {
    expect(supportedKubernetesVersions()).toEqual(expect.arrayContaining([DEFAULT_KUBERNETES_VERSION, "1.34.4"]));
  });
});

describe("PAWL_KUBERNETES_VERSION", () => {
  const chosen = (asked: string) => chosenKubernetesVersion({ PAWL_KUBERNETES_VERSION: asked }, modules);

  test.each([
    ["1.34.4", "1.34.4"],
    ["v1.34.4", "1.34.4"],
    ["1.34", "1.34.10"],
    ["", DEFAULT_KUBERNETES_VERSION],
  ])("%j chooses %s", (asked, version) => {
    expect(chosen(asked)).toBe(version);
  });

  test("may be left out", () => {
    expect(chosenKubernetesVersion({}, modules)).toBe(DEFAULT_KUBERNETES_VERSION);
  });

  test.each(["1.33.1", "1.35.4", "1.3", "latest"])("%j is refused with the versions to choose from", (asked) => {
    expect(() => chosen(asked)).toThrow(UnsupportedVersionError);
    expect(() => chosen(asked)).toThrow(`PAWL_KUBERNETES_VERSION=${asked} has no pinned Go modules`);
    expect(() => chosen(asked)).toThrow("1.9.3, 1.34.4, 1.34.10, 1.36.3");
  });
});

test.each([
  ["v1.35.0", "1.36.3", true],
  ["v1.37.1", "1.36.3", true],
  ["v1.36.9-dispatcher", "1.36.3", true],
  ["v1.34.9", "1.36.3", false],
  ["v2.36.3", "1.36.3", false],
])("kubectl %s against server %s: within one minor is %s", (client, server, expected) => {
  expect(withinOneMinor(client, server)).toBe(expected);
});
