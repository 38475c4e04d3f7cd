import { z } from "zod";
import type { KindName } from "../../engine/resource.ts";
import { defineRule } from "../../engine/rule.ts";
import { nameProblem } from "../../engine/values/object-name.ts";
import { printable } from "../../engine/values/printable.ts";
import { textAt } from "../../engine/views/fields.ts";
import { path } from "../../engine/views/path.ts";

/** Files that no API server ever sees. */
const nameless: ReadonlySet<KindName> = new Set([
  "List",
  "Kustomization.kustomize.config.k8s.io",
  "Component.kustomize.config.k8s.io",
]);

export const rule = defineRule({
  id: "resource-name",
  revision: 1,
  title: "Objects have a legal name",
  category: "metadata",
  severity: "High",
  kinds: "any",
  why: "The API server refuses an object without a name, or with one that its kind does not allow. The release stops in the middle.",
  fix: "Set metadata.name to lower-case letters, digits, - and . inside; for Namespaces and Services without dots, at most 63 characters.",
  packs: { strict: {}, "datree-default": {} },
  aliases: [{ id: "RESOURCE_MISSING_NAME" }],
  references: ["https://kubernetes.io/docs/concepts/overview/working-with-objects/names/"],
  params: z.strictObject({}),
  messages: {
    missing: "The {kind} has neither a name nor a generateName",
    tooLong: "The {kind} has a name of {length} characters, more than its kind may have",
    illegal: "The {kind} has the name {name}, which is not legal for its kind",
  },
  check({ resource, report }) {
    const { object, kindName, id } = resource;
    if (nameless.has(kindName) || textAt(object, "metadata", "generateName")) return;
    const name = textAt(object, "metadata", "name") ?? "";
    const problem = name === "" ? "missing" : nameProblem(kindName, name);
    if (problem === undefined) return;
    const text = printable(name || "none", 64);
    const data = { kind: id.kind, name: text, length: name.length };
    report(problem, { path: path("metadata", "name"), data, value: text });
  },
});
