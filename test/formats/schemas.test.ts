import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { digestVersion } from "../../src/formats/digest.ts";
import { renderDigestJson } from "../../src/formats/digest-json.ts";
import { transitionsVersion } from "../../src/formats/transitions.ts";
import { renderTransitionsJson } from "../../src/formats/transitions-json.ts";
import { adopted, baseline, digest, notice, quiet } from "./samples.ts";

/** The published schema, read back as somebody else would. */
function published(version: string): z.ZodType {
  const file = join(import.meta.dirname, "../../docs/reference", `${version.replace("/", "-")}.schema.json`);
  return z.fromJSONSchema(JSON.parse(readFileSync(file, "utf8")) as Parameters<typeof z.fromJSONSchema>[0]);
}

test.each([
  ["a digest", digestVersion, renderDigestJson(digest)],
  ["a digest of a quiet week", digestVersion, renderDigestJson(quiet)],
  ["a report of the baseline", digestVersion, renderDigestJson(baseline)],
  ["a notice", transitionsVersion, renderTransitionsJson(notice)],
  ["a notice of a rule", transitionsVersion, renderTransitionsJson(adopted)],
])("%s is what the published schema of %s says", (_, version, json) => {
  expect(published(version).safeParse(JSON.parse(json)).error?.issues ?? []).toEqual([]);
});

test("the published schema refuses what is of another version or lacks a field", () => {
  const { verdict: _, ...rest } = JSON.parse(renderDigestJson(digest)) as Record<string, unknown>;

  expect(published(digestVersion).safeParse({ ...rest, verdict: digest.verdict, version: "digest/v2" }).success).toBe(
    false,
  );
  expect(published(digestVersion).safeParse(rest).success).toBe(false);
});
