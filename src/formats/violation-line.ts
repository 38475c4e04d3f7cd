import { z } from "zod";
import { Count } from "../api/fields.ts";
import { Severity } from "../api/severity.ts";
import { Moment } from "./moment.ts";

/** What a message says of a rule. */
export const RuleFacts = z
  .object({
    id: z.string().describe("Id of the rule."),
    title: z.string().describe("What it asks, in a few words."),
    severity: Severity.describe("The highest severity that the policies concerned give it."),
    helpUrl: z.string().describe("The policy's own web address for it.").exactOptional(),
  })
  .readonly();

export type RuleFacts = z.infer<typeof RuleFacts>;

/** Where one violation is. One that several policies find is one place. */
const placeFields = {
  namespace: z.string().describe("Its namespace; absent for resources without one.").exactOptional(),
  ref: z.string().describe("The resource, as Kind.group/name."),
  path: z.string().describe("Place in the resource; empty if the resource as a whole is meant."),
  count: z.int().min(1).describe("How many times it is there."),
  value: z.string().describe("The offending value; never of rules about secrets.").exactOptional(),
  since: Moment.describe("When it was first found; of what is fixed: when that was noticed."),
  source: z.string().describe("What it was deployed by: a chart or an Application.").exactOptional(),
  policies: z.array(z.string()).readonly().describe("The policies that find it; sorted."),
};

export const Place = z.object(placeFields).readonly();

export type Place = z.infer<typeof Place>;

/** One violation in a digest. */
export const ViolationLine = z
  .object({
    rule: RuleFacts,
    owner: z.string().describe("The team, or unowned."),
    ...placeFields,
  })
  .readonly();

export type ViolationLine = z.infer<typeof ViolationLine>;

/** A list that was cut: what is shown of how many. */
export function shownOf<S extends z.ZodType>(item: S, total: string) {
  return z
    .object({ shown: z.array(item).readonly(), total: Count.describe(total) })
    .readonly()
    .describe("What is shown of a list that may be longer.");
}
