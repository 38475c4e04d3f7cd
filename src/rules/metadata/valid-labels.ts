import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { labelKeyProblem, labelValueProblem } from "../../engine/values/label-syntax.ts";
import { printable } from "../../engine/values/printable.ts";
import { stableJson } from "../../engine/values/stable-json.ts";
import { fieldsAt } from "../../engine/views/fields.ts";
import { metadataOf } from "../../engine/views/metadata.ts";
import { below } from "../../engine/views/path.ts";

export const rule = defineRule({
  id: "valid-labels",
  revision: 1,
  title: "Label keys and values are legal",
  category: "metadata",
  severity: "High",
  kinds: "any",
  why: "The API server refuses the object, and for a pod template every Pod made from it: the rollout stands still.",
  fix: "Use letters, digits and -_. inside, at most 63 characters; quote values such as true and 1.",
  packs: { strict: {}, "datree-default": {}, "datree-starter": {} },
  aliases: [{ id: "WORKLOAD_INVALID_LABELS_VALUE" }],
  references: ["https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set"],
  params: z.strictObject({}),
  messages: {
    keyTooLong: "Label key {key} is longer than 63 characters, or its prefix longer than 253",
    keyIllegal: "Label key {key} is no legal name",
    valueNoString: "Label {key} is {value}, which is no string",
    valueTooLong: "Label {key} has a value of {length} characters, more than 63",
    valueIllegal: "Label {key} has the value {value}, which is not legal",
  },
  check({ resource, report }) {
    for (const { path, metadata } of metadataOf(resource)) {
      for (const [name, written] of Object.entries(fieldsAt(metadata, "labels") ?? {})) {
        if (written === null || written === undefined) continue;
        const fault = faultOf(name, written);
        if (fault === undefined) continue;
        const key = printable(name);
        const value = printable(typeof written === "string" ? written : stableJson(written), 64);
        const length = typeof written === "string" ? written.length : 0;
        report(fault, { path: below(path, "labels"), class: key, data: { key, value, length }, value });
      }
    }
  },
});

function faultOf(key: string, value: unknown) {
  const keyProblem = labelKeyProblem(key);
  if (keyProblem !== undefined) return keyProblem === "tooLong" ? "keyTooLong" : "keyIllegal";
  if (typeof value !== "string") return "valueNoString";
  const valueProblem = labelValueProblem(value);
  if (valueProblem === undefined) return undefined;
  return valueProblem === "tooLong" ? "valueTooLong" : "valueIllegal";
}
