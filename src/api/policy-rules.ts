import { z } from "zod";
import { FreeForm, setOf, text } from "./fields.ts";
import type { Immutable } from "./immutable.ts";
import { withInvariants } from "./invariant.ts";
import { Severity } from "./severity.ts";

const PackName = text({
  max: 63,
  pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(@1[.][0-9]{1,3})?$/,
  message: "is not the name of a pack: write for example recommended, or pss-baseline@1.29 to pin a Kubernetes release",
}).describe("Name of a pack. Packs of the Pod Security Standards may pin a Kubernetes release: pss-baseline@1.29.");

const RuleId = text({
  max: 63,
  pattern: /^[a-z][-a-z0-9]*$/,
  message: "is not the id of a rule: use lower-case letters, digits and '-', for example memory-limit",
});

const RuleOverride = withInvariants(
  z
    .strictObject({
      id: RuleId.describe("Id of the rule to tune."),
      severity: Severity.describe("Severity in place of the rule's own.").exactOptional(),
      params: FreeForm.refine((params) => Object.keys(params).length <= 32, "has more than 32 parameters: use fewer")
        .meta({ maxProperties: 32 })
        .describe("Parameters of the rule, laid over those that its packs bring. Each rule's page lists its own.")
        .exactOptional(),
      message: z
        .string()
        .min(1)
        .max(512)
        .describe("Text that reports show in place of the rule's own message.")
        .exactOptional(),
      helpUrl: text({
        max: 512,
        pattern: /^https?:[/][/][^ ]+$/,
        message: "is not a web address: begin it with https:// or http://",
      })
        .describe("Web address where readers of a report find help, in place of the rule's page.")
        .exactOptional(),
    })
    .describe("Tuning of one built-in rule."),
  {
    cel: "has(self.severity) || has(self.params) || has(self.message) || has(self.helpUrl)",
    holds: ({ severity, params, message, helpUrl }) =>
      severity !== undefined || params !== undefined || message !== undefined || helpUrl !== undefined,
    message: "changes nothing: set severity, params, message or helpUrl, or remove the entry",
  },
);

export type RuleOverride = Immutable<z.infer<typeof RuleOverride>>;

export const PolicyRules = withInvariants(
  z.strictObject({
    packs: setOf(PackName, 32)
      .min(1)
      .default(["recommended"])
      .describe("Named sets of built-in rules. A rule runs once for each distinct set of parameters."),
    disable: setOf(RuleId.describe("Id of a rule."), 200)
      .describe("Rules of the packs that are switched off.")
      .exactOptional(),
    override: z
      .array(RuleOverride)
      .max(200)
      .meta({ "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["id"] })
      .superRefine((overrides, context) => {
        const seen = new Set<string>();
        overrides.forEach(({ id }, index) => {
          if (seen.has(id))
            context.addIssue({
              code: "custom",
              path: [index, "id"],
              message: `${JSON.stringify(id)} has an override already: merge the two`,
            });
          seen.add(id);
        });
      })
      .describe("Tuning of single built-in rules.")
      .exactOptional(),
  }),
  {
    cel: "!has(self.override) || !has(self.disable) || !self.override.exists(entry, entry.id in self.disable)",
    holds: ({ override = [], disable = [] }) => !override.some(({ id }) => disable.includes(id)),
    message: "a rule stands in disable and in override, so its override would do nothing: remove it from one of them",
    culprit: {
      cel: `'"' + self.disable.filter(id, self.override.exists(entry, entry.id == id))[0] + '" stands in disable and in override, so its override would do nothing: remove it from one of them'`,
      message: ({ override = [], disable = [] }) =>
        `"${disable.find((id) => override.some((entry) => entry.id === id))}" stands in disable and in override, so its override would do nothing: remove it from one of them`,
    },
  },
);

export type PolicyRules = Immutable<z.infer<typeof PolicyRules>>;
