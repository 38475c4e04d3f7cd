import { z } from "zod";
import { text } from "./fields.ts";
import type { Immutable } from "./immutable.ts";
import { withInvariants } from "./invariant.ts";

const keyPattern = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?[/])?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const keyAdvice = "is not a label key: write name or prefix/name, such as env or app.kubernetes.io/name";

const LabelKey = text({ max: 317, pattern: keyPattern, message: keyAdvice });

const valuePattern = /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/;

/** May be empty, as label values may. */
const LabelValue = withInvariants(z.string().max(63), {
  cel: `self.matches(r'${valuePattern.source}')`,
  holds: (value) => valuePattern.test(value),
  message: "is not a label value: use letters, digits, '-', '_' and '.', beginning and ending with a letter or digit",
}).describe("Value of the label.");

const Requirement = withInvariants(
  z
    .strictObject({
      key: LabelKey.describe("Key of the label."),
      operator: z
        .enum(["In", "NotIn", "Exists", "DoesNotExist"])
        .describe("How the label relates to the values: In and NotIn need values, Exists and DoesNotExist take none."),
      values: z
        .array(LabelValue)
        .max(50)
        .meta({ "x-kubernetes-list-type": "atomic" })
        .describe("Values to compare with. Required for In and NotIn, absent for Exists and DoesNotExist.")
        .exactOptional(),
    })
    .describe("One requirement on a label."),
  {
    cel: "self.operator in ['In', 'NotIn'] ? has(self.values) && size(self.values) > 0 : !has(self.values) || size(self.values) == 0",
    holds: ({ operator, values = [] }) => (operator === "In" || operator === "NotIn") === values.length > 0,
    message: "In and NotIn need values, Exists and DoesNotExist take none: add or remove values",
  },
);

/** metav1.LabelSelector. Empty selects everything. */
export const LabelSelector = z
  .strictObject({
    matchLabels: withInvariants(z.record(z.string(), LabelValue), {
      cel: `self.all(key, key.matches(r'${keyPattern.source}'))`,
      holds: (labels) => Object.keys(labels).every((key) => keyPattern.test(key)),
      message: `a key ${keyAdvice}`,
      culprit: {
        cel: `'"' + self.filter(key, !key.matches(r'${keyPattern.source}'))[0] + '" ${keyAdvice}'`,
        message: (labels) => `"${Object.keys(labels).find((key) => !keyPattern.test(key))}" ${keyAdvice}`,
      },
    })
      .refine((labels) => Object.keys(labels).length <= 50, "has more than 50 labels: use fewer")
      .meta({ maxProperties: 50 })
      .describe("Labels that must be present with exactly these values.")
      .exactOptional(),
    matchExpressions: z
      .array(Requirement)
      .max(50)
      .meta({ "x-kubernetes-list-type": "atomic" })
      .describe("Requirements that must all hold.")
      .exactOptional(),
  })
  .meta({ "x-kubernetes-map-type": "atomic" });

export type LabelSelector = Immutable<z.infer<typeof LabelSelector>>;
