import { z } from "zod";
import { text } from "./fields.ts";
import type { Immutable } from "./immutable.ts";
import { withInvariants } from "./invariant.ts";

const LabelKey = text({
  max: 317,
  pattern: /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?[/])?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/,
  message: "is not a label key: write name or prefix/name, such as env or app.kubernetes.io/name",
});

const LabelValue = z
  .string()
  .max(63)
  .regex(/^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/);

const Requirement = withInvariants(
  z
    .strictObject({
      key: LabelKey.describe("Key of the label."),
      operator: z
        .enum(["In", "NotIn", "Exists", "DoesNotExist"])
        .describe("How the label relates to the values: In and NotIn need values, Exists and DoesNotExist take none."),
      values: z
        .array(LabelValue.describe("A value of the label."))
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
    matchLabels: z
      .record(LabelKey, LabelValue.describe("Value of the label."))
      .refine((labels) => Object.keys(labels).length <= 50, "at most 50 labels are allowed: use fewer")
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
