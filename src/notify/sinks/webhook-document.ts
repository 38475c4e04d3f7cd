import { z } from "zod";
import { Timestamp } from "../../api/fields.ts";
import { Digest } from "../../formats/digest.ts";
import { TransitionsNotice } from "../../formats/transitions.ts";

/** The version of the shape. A field may be added; one that changes or goes makes a new version. */
export const webhookVersion = "webhook/v1";

const envelope = {
  version: z.literal(webhookVersion).describe("Version of this shape. Fields may be added to it, none changes."),
  id: z.string().describe("Stable for the message: whoever gets the same id twice got a repeat. Also in Pawl-Id."),
  cluster: z.string().describe("Name of the cluster."),
  subscription: z.string().describe("Name of the ReportSubscription."),
  at: Timestamp.describe("When it was decided to send the message."),
  repeated: z.boolean().describe("An earlier delivery was not confirmed, so it may be there twice."),
};

const digest = Digest.describe("What happened in the period and how things stand.");

/** The body of a webhook's request. */
export const WebhookDocument = z.discriminatedUnion("kind", [
  z.object({ ...envelope, kind: z.literal("digest").describe("What changed in a period."), digest }),
  z.object({ ...envelope, kind: z.literal("baseline").describe("What was found at the start, sent once."), digest }),
  z.object({
    ...envelope,
    kind: z.literal("transitions").describe("What appeared or went just now, for one owner and one rule."),
    notice: TransitionsNotice.describe("What appeared or went."),
  }),
]);

export type WebhookDocument = z.infer<typeof WebhookDocument>;
