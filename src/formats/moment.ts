import { z } from "zod";
import { Timestamp } from "../api/fields.ts";

/** An instant with its words, so that no format has to know time zones. */
export const Moment = z
  .object({
    at: Timestamp.describe("The instant, RFC 3339 in UTC."),
    text: z.string().describe("The same for readers, in the message's time zone: Sat 21 Nov 2026, 09:00."),
  })
  .readonly();

export type Moment = z.infer<typeof Moment>;
