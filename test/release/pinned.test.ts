import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { describe, expect, test } from "vitest";
import { PinError, pinnedFiles } from "../../tools/release/pinned.ts";
import { root } from "../docs/pages.ts";

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;
const textOf = (path: string) => readFileSync(join(root, path), "utf8");

describe.each(pinnedFiles)("the digest of a release in $path", ({ path, pin }) => {
  test("is the only difference to what is checked in", () => {
    const before = textOf(path).split("\n");
    const after = pin(textOf(path), digest).split("\n");

    expect(after.filter((line, index) => line !== before[index])).toEqual([expect.stringContaining(digest)]);
    expect(after).toHaveLength(before.length);
  });

  test("is put in once", () => {
    expect(() => pin(pin(textOf(path), digest), digest)).toThrow(PinError);
  });

  test.each(["", "latest", "sha256:abc", `${digest}0`])("is not %j", (wrong) => {
    expect(() => pin(textOf(path), wrong)).toThrow(PinError);
  });
});

test("chart and config name the same image of a release", () => {
  const [values, deployment] = pinnedFiles.map(({ path, pin }) => load(pin(textOf(path), digest)));

  expect(values).toMatchObject({ image: { registry: "ghcr.io", repository: "pawl-dev/pawl", digest } });
  expect(deployment).toMatchObject({
    spec: { template: { spec: { containers: [{ image: `ghcr.io/pawl-dev/pawl@${digest}` }] } } },
  });
});
