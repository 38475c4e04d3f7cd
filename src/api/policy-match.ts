import { z } from "zod";
import { setOf, text } from "./fields.ts";
import type { Immutable } from "./immutable.ts";
import { withInvariants } from "./invariant.ts";
import { LabelSelector } from "./label-selector.ts";

const NamespaceGlob = text({
  max: 63,
  pattern: /^[-a-z0-9*?]+$/,
  message:
    "is not a pattern for namespaces: use lower-case letters, digits and '-', with * for any characters and ? for one",
}).describe("Name of a namespace, or a pattern: * stands for any characters, ? for one.");

const KindPattern = text({
  max: 317,
  pattern: /^([A-Z][A-Za-z0-9]*([.][a-z0-9]([-a-z0-9.]*[a-z0-9])?)?|[*][.][a-z0-9]([-a-z0-9.]*[a-z0-9])?)$/,
  message: "is not a kind: write Kind.group (Deployment.apps), Kind alone for the core group (Pod), or *.group",
}).describe("Kind.group such as Deployment.apps, Kind alone for the core group, or *.group for every kind of a group.");

/** Namespaces by name or pattern. */
export const NamespaceMatch = withInvariants(
  z.strictObject({
    include: setOf(NamespaceGlob, 200)
      .describe("Namespaces in scope, by name or pattern. Absent or empty: all.")
      .exactOptional(),
    exclude: setOf(NamespaceGlob, 200)
      .describe("Namespaces out of scope, by name or pattern. Wins over include.")
      .exactOptional(),
  }),
  {
    cel: "!has(self.include) || !has(self.exclude) || !self.include.exists(pattern, pattern in self.exclude)",
    holds: ({ include = [], exclude = [] }) => !include.some((pattern) => exclude.includes(pattern)),
    message: "the same pattern stands in include and in exclude, so it selects nothing: remove it from one of them",
    culprit: {
      cel: `'"' + self.include.filter(pattern, pattern in self.exclude)[0] + '" stands in include and in exclude, so it selects nothing: remove it from one of them'`,
      message: ({ include = [], exclude = [] }) =>
        `"${include.find((pattern) => exclude.includes(pattern))}" stands in include and in exclude, so it selects nothing: remove it from one of them`,
    },
  },
);

export const PolicyMatch = z.strictObject({
  namespaces: NamespaceMatch.describe("Namespaces in scope, by name.").exactOptional(),
  namespaceSelector: LabelSelector.describe("Namespaces in scope, by their labels.").exactOptional(),
  objectSelector: LabelSelector.describe("Resources in scope, by their labels.").exactOptional(),
  kinds: setOf(KindPattern, 100)
    .describe("Kinds in scope besides those that the enabled rules name: own kinds, for rules that judge any kind.")
    .exactOptional(),
  clusterResources: z
    .enum(["Auto", "Include", "Exclude"])
    .default("Auto")
    .describe(
      "Whether resources without a namespace are in scope. Auto: only if neither namespaces nor namespaceSelector is given.",
    ),
});

export type PolicyMatch = Immutable<z.infer<typeof PolicyMatch>>;
