import type { Digest } from "../formats/digest.ts";
import type { TransitionsNotice } from "../formats/transitions.ts";

/** What is the same in every message. */
export interface Envelope {
  /** Stable for the intent: whoever gets the same id twice got a repeat. Letters, digits and `-` only. */
  readonly id: string;
  readonly cluster: string;
  /** Name of the ReportSubscription. */
  readonly subscription: string;
  /** When the intent was persisted; RFC 3339. */
  readonly at: string;
  /** An earlier delivery of it was not confirmed, so it may be there twice. */
  readonly repeated: boolean;
}

/** One message to one channel or mailbox; sinks render it. */
export type Message = Envelope &
  (
    | { readonly kind: "digest" | "baseline"; readonly digest: Digest }
    | { readonly kind: "transitions"; readonly notice: TransitionsNotice }
  );
