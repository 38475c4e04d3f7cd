import type { Message } from "../message.ts";
import type { Credentials } from "./credentials.ts";
import type { SinkIo } from "./sink-io.ts";

/** Names of the sinks, as they stand below `spec.sink`. */
export type SinkType = "slack" | "email" | "webhook";

/** What is known of a message that was delivered. */
export interface Receipt {
  /** Where it went, for status and log: `#payments`, `2 recipients`, `receiver.example.com`. */
  readonly to: string;
  /** What the receiver calls the message, where it says so. */
  readonly reference?: string;
  /** Recipients that the receiver did not take while it took the others. */
  readonly refused?: readonly string[];
}

/**
 * One way to deliver messages. `Target` is what the subscription says about it with the channel or the recipients resolved,
 * `Payload` what goes over the wire. A sink keeps nothing between two messages.
 */
export interface Sink<Target, Payload> {
  readonly type: SinkType;
  /** Pure: same message and target, same payload. Cuts what the receiver would not take. */
  render(message: Message, target: Target): Payload;
  /**
   * Delivers once; retries are the dispatcher's.
   * @throws DeliveryError for everything that went wrong
   * @throws the signal's reason once it is aborted
   */
  send(payload: Payload, target: Target, credentials: Credentials, io: SinkIo, signal: AbortSignal): Promise<Receipt>;
}
