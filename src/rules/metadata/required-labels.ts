import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { matchesKind } from "../../engine/values/kind-pattern.ts";
import { matchesPattern } from "../../engine/values/pattern.ts";
import { printable } from "../../engine/values/printable.ts";
import { kindPatternParam, patternParam } from "../../engine/values/rule-params.ts";
import { textAt } from "../../engine/views/fields.ts";
import { metadataOf } from "../../engine/views/metadata.ts";
import { below } from "../../engine/views/path.ts";

const labelParam = z.union([
  z.string().min(1),
  z.strictObject({ key: z.string().min(1), pattern: patternParam.describe("RE2, for the whole value") }),
]);

export const rule = defineRule({
  id: "required-labels",
  revision: 1,
  title: "Required labels are set",
  category: "metadata",
  severity: "Low",
  kinds: "any",
  why: "Without agreed labels nobody can tell whose a workload is, what it costs, or whom to wake when it fails.",
  fix: "Add the label with a value of the agreed form.",
  packs: {},
  aliases: [
    { id: "WORKLOAD_MISSING_LABEL_OWNER_VALUE", params: { labels: ["owner"] } },
    { id: "DEPLOYMENT_MISSING_LABEL_ENV_VALUE", params: { labels: ["env"], kinds: ["Deployment"] } },
  ],
  references: ["https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/"],
  params: z.strictObject({
    labels: z.array(labelParam).default([]).describe("Keys that need a value, or keys with the pattern of their value"),
    kinds: z.array(kindPatternParam).default(["workloads"]).describe("Kinds that are judged"),
    on: z.enum(["object", "template", "both"]).default("object").describe("Where the labels are needed"),
  }),
  messages: {
    missing: "Label {key} is missing",
    empty: "Label {key} is empty",
    mismatch: "Label {key} has the value {value}, which does not match {pattern}",
  },
  check({ resource, params, report }) {
    if (!matchesKind(params.kinds, resource.id)) return;
    const pod = resource.podSpec?.metadataPath;
    const places = metadataOf(resource).filter(
      ({ on, path }) => params.on === "both" || on === params.on || (params.on === "template" && path === pod),
    );
    const wanted = params.labels.map((label) => (typeof label === "string" ? { key: label, pattern: "" } : label));
    for (const { path, metadata } of places) {
      for (const { key, pattern } of wanted) {
        const actual = textAt(metadata, "labels", key);
        const fault = faultOf(actual, pattern);
        if (fault === undefined) continue;
        const value = printable(actual ?? "none", 64);
        const data = { key: printable(key), value, pattern };
        report(fault, { path: below(path, "labels"), class: printable(key), data, value });
      }
    }
  },
});

function faultOf(actual: string | undefined, pattern: string) {
  if (actual === undefined) return "missing";
  if (actual === "") return "empty";
  return pattern !== "" && !matchesPattern(pattern, actual) ? "mismatch" : undefined;
}
