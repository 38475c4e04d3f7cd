import { z } from "zod";
import { matchesPattern } from "../values/pattern.ts";
import { printable } from "../values/printable.ts";
import { patternParam } from "../values/rule-params.ts";
import { textAt } from "./fields.ts";
import { metadataOf } from "./metadata.ts";
import { below, type Path } from "./path.ts";
import type { ResourceView } from "./resource-view.ts";

/** Where entries are asked for. */
export const requiredOnParam = z.enum(["object", "template", "both"]).default("object");

/** Keys that need a value, or keys with the pattern of their value. */
export const requiredEntriesParam = z
  .array(
    z.union([
      z.string().min(1),
      z.strictObject({ key: z.string().min(1), pattern: patternParam.describe("RE2, for the whole value") }),
    ]),
  )
  .default([]);

/** A label or annotation that is asked for and not there as it should be. */
export interface RequiredEntryProblem {
  readonly messageId: "missing" | "empty" | "mismatch";
  /** `metadata.labels`. */
  readonly path: Path;
  readonly key: string;
  /** For a reader, at most 64 characters. */
  readonly value: string;
  readonly pattern: string;
}

/** What the metadata of an object and its pod template lacks. Of a Pod, both are the same. */
export function requiredEntryProblems(
  resource: ResourceView,
  field: "labels" | "annotations",
  entries: z.infer<typeof requiredEntriesParam>,
  wantedOn: z.infer<typeof requiredOnParam>,
): readonly RequiredEntryProblem[] {
  if (entries.length === 0) return [];
  const pod = resource.podSpec?.metadataPath;
  const places = metadataOf(resource).filter(
    ({ on, path }) => wantedOn === "both" || on === wantedOn || (wantedOn === "template" && path === pod),
  );
  const wanted = entries.map((entry) => (typeof entry === "string" ? { key: entry, pattern: "" } : entry));
  return places.flatMap(({ path, metadata }) =>
    wanted.flatMap(({ key, pattern }) => {
      const actual = textAt(metadata, field, key);
      const messageId = faultOf(actual, pattern);
      if (messageId === undefined) return [];
      const value = printable(actual ?? "none", 64);
      return [{ messageId, path: below(path, field), key: printable(key), value, pattern }];
    }),
  );
}

function faultOf(actual: string | undefined, pattern: string) {
  if (actual === undefined) return "missing";
  if (actual === "") return "empty";
  return pattern !== "" && !matchesPattern(pattern, actual) ? "mismatch" : undefined;
}
