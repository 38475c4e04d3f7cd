import { systemClock } from "../../src/kube/clock.ts";
import type { Message } from "../../src/notify/message.ts";
import { Credentials } from "../../src/notify/sinks/credentials.ts";
import { emailSink } from "../../src/notify/sinks/email.ts";
import type { Receipt } from "../../src/notify/sinks/sink.ts";
import { usualDeadlineMs } from "../../src/notify/sinks/sink-io.ts";
import { slackSink } from "../../src/notify/sinks/slack.ts";
import type { Receiver } from "./receivers.ts";

const io = { clock: systemClock, network: { proxies: {}, deadlineMs: usualDeadlineMs } };

/**
 * Sends a message through the product's own sinks.
 * @throws DeliveryError
 */
export async function deliver(message: Message, receiver: Receiver, signal: AbortSignal): Promise<Receipt> {
  if (receiver.type === "slack") {
    const sink = slackSink({ apiUrl: new URL("https://slack.com/api") });
    return await sink.send(sink.render(message, {}), {}, new Credentials([["url", receiver.url]]), io, signal);
  }
  const { target, username, password } = receiver;
  const credentials = new Credentials(
    username === undefined || password === undefined
      ? []
      : [
          ["username", username],
          ["password", password],
        ],
  );
  const sink = emailSink();
  return await sink.send(sink.render(message, target), target, credentials, io, signal);
}
