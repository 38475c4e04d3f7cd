import { z } from "zod";
import { Condition } from "./conditions.ts";
import { atomic, Count, listOf, Timestamp } from "./fields.ts";
import type { Immutable } from "./immutable.ts";

const messageKinds = ["digest", "baseline", "transitions"] as const;

const MessageKind = z.enum(messageKinds);

const channel = z.string().max(80).describe("Its channel; absent where the sink has only one.").exactOptional();

const Handled = z
  .object({
    at: Timestamp.describe("The time that the changes carry."),
    ids: listOf(z.string().max(64).describe("Id of a change.")).describe("Their ids."),
  })
  .describe("Changes of one time.");

const Cursor = atomic(
  z.object({
    through: Timestamp.describe("Every change up to this time has been told, or passed over."),
    handled: listOf(Handled).describe("Later ones of which the same can be said."),
  }),
);

const Group = z.object({
  rule: z.string().max(128).describe("The rule."),
  owner: z.string().max(253).describe("The team; absent where teams are not told apart.").exactOptional(),
  policy: z.string().max(63).describe("The policy that adopted the rule; absent otherwise.").exactOptional(),
});

const Pending = z
  .object({
    id: z.string().max(64).describe("Identifies the message; the same in every attempt."),
    kind: MessageKind.describe("What it is: a digest, the report of the baseline, or transitions."),
    channel,
    at: Timestamp.describe("When it was decided."),
    group: Group.describe("What transitions have in common.").exactOptional(),
    changes: listOf(z.string().max(64).describe("Id of a change."))
      .describe("Ids of the changes that it shows; it counts the others.")
      .exactOptional(),
    added: Count.describe("Violations that it tells of as new.").exactOptional(),
    fixed: Count.describe("Violations that it tells of as fixed.").exactOptional(),
    since: Timestamp.describe("Begin of a digest's period.").exactOptional(),
    due: Timestamp.describe("When a digest should have been sent, if that was missed.").exactOptional(),
    heldBack: Count.describe("Immediate messages that the digest stands in for.").exactOptional(),
    unconfirmed: z.boolean().describe("An attempt has begun of which it is not known how it ended.").exactOptional(),
    repeated: z.boolean().describe("It is sent again and says so, because it may have arrived.").exactOptional(),
    failures: Count.describe("Attempts that failed.").exactOptional(),
    nextAttempt: Timestamp.describe("When the next attempt is due; absent: at once.").exactOptional(),
  })
  .describe("One message that is to be delivered.");

const Sent = z
  .object({
    at: Timestamp.describe("When it was sent."),
    channel,
    group: z.string().max(64).describe("Hash of what its transitions had in common."),
  })
  .describe("One immediate message.");

const HeldBack = z
  .object({ channel, messages: z.int().min(1).describe("How many.") })
  .describe("Messages that the next digest tells of.");

const Told = z
  .object({ channel, until: Timestamp.describe("End of the period.") })
  .describe("How far the digests of one channel reach.");

const Delivery = {
  id: z.string().max(64).describe("Id of the message."),
  kind: MessageKind.describe("What it was."),
  channel,
  at: Timestamp.describe("When."),
};

const Failing = z
  .object({
    channel,
    since: Timestamp.describe("When the first of the attempts failed that have failed without a break."),
    reason: z.string().max(64).describe("Why the last one failed, as one CamelCase word."),
    message: z.string().max(1024).describe("What happened and what to do."),
    stalled: z.boolean().describe("Another attempt is in vain until a person acts.").exactOptional(),
  })
  .describe("One channel that takes no messages.");

/** How a ReportSubscription stands. Everything that must survive a restart is in it. */
export const ReportSubscriptionStatus = z.object({
  observedGeneration: z.int().min(0).describe("Generation of the spec that was last looked at.").exactOptional(),
  conditions: z
    .array(Condition)
    .meta({ "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["type"] })
    .describe("Ready, Stalled and Degraded.")
    .exactOptional(),
  sink: z.string().max(64).describe("Type of the sink: slack, email or webhook.").exactOptional(),
  cursor: Cursor.describe("Up to where the changes of the reports have been looked at.").exactOptional(),
  pending: listOf(Pending).describe("Messages that are to be delivered, oldest first.").exactOptional(),
  sent: listOf(Sent).describe("Immediate messages of the last hour, by which the limits are kept.").exactOptional(),
  heldBack: listOf(HeldBack).describe("Immediate messages that were not sent since the last digest.").exactOptional(),
  told: listOf(Told).describe("How far the digests reach, by channel.").exactOptional(),
  failing: listOf(Failing).describe("Channels of which the last attempt failed.").exactOptional(),
  nextDigest: Timestamp.describe(
    "When the next digest is due. Absent without one, or while suspended.",
  ).exactOptional(),
  baselineReport: Timestamp.describe("When the report of the baseline was decided. There is one.").exactOptional(),
  lastDelivery: z
    .object({
      ...Delivery,
      repeated: z.boolean().describe("It may have arrived before.").exactOptional(),
    })
    .describe("The last message that was delivered.")
    .exactOptional(),
  lastFailure: z
    .object({
      ...Delivery,
      reason: z.string().max(64).describe("Why, as one CamelCase word."),
      message: z.string().max(1024).describe("What happened and what to do."),
    })
    .describe("The last attempt that failed, be it for some recipients only.")
    .exactOptional(),
});

export type ReportSubscriptionStatus = Immutable<z.infer<typeof ReportSubscriptionStatus>>;
