import { z } from "zod";
import { Count } from "../api/fields.ts";
import { Place, RuleFacts, shownOf } from "./violation-line.ts";

/** Places that a notice shows of each list. */
export const maxPlaces = 10;

const places = (total: string) => shownOf(Place, total);

/**
 * One immediate message: what changed for one owner and one rule, already grouped, sorted and cut; or a rule that a policy
 * switched on, which is one message for the whole policy.
 */
const noticeFields = {
  owner: z
    .string()
    .describe("The team, or unowned; absent where a rule was adopted for a whole policy.")
    .exactOptional(),
  rule: RuleFacts,
  added: places("All that is new."),
  fixed: places("All that is fixed."),
  adopted: z
    .object({
      policy: z.string().describe("The policy that switched the rule on or changed it."),
      violations: Count.describe("What it found then, known from now on."),
      resources: Count.describe("In how many resources."),
      namespaces: Count.describe("In how many namespaces; resources without one count as one more."),
    })
    .readonly()
    .describe("The rule is new in a policy, and what it found was taken into the baseline.")
    .exactOptional(),
};

export const TransitionsNotice = z.object(noticeFields).readonly();

export type TransitionsNotice = z.infer<typeof TransitionsNotice>;

/** The version of the JSON shape. A field may be added; one that changes or goes makes a new version. */
export const transitionsVersion = "transitions/v1";

/** An immediate message as JSON: part of what a webhook gets. */
export const TransitionsDocument = z
  .object({ version: z.literal(transitionsVersion).describe("Version of this shape."), ...noticeFields })
  .readonly()
  .describe("An immediate message: what changed for one owner and one rule.");

export type TransitionsDocument = z.infer<typeof TransitionsDocument>;
