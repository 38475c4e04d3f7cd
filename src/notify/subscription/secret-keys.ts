import type { ReportSink } from "../../api/report-subscription-sink.ts";
import type { Credentials } from "../sinks/credentials.ts";

/** What a Secret lacks for a sink, to be read after its name; undefined where it has all that can be asked for in advance. */
export function missingKey({ slack, email, webhook }: ReportSink, credentials: Credentials): string | undefined {
  const has = (key: string) => credentials.get(key) !== undefined;
  if (slack !== undefined) {
    if (!has("token") && !has("url"))
      return "has neither the key token nor the key url: add a bot token, or an incoming webhook's address";
    if (has("token") && slack.channel === undefined)
      return "has a token, which needs a channel: set spec.sink.slack.channel";
    if (!has("token") && slack.channel !== undefined)
      return "has the address of a webhook, which has its channel built in: remove spec.sink.slack.channel, or add a key token";
  }
  if (email !== undefined && has("username") !== has("password"))
    return `has the key ${has("username") ? "username, but not password" : "password, but not username"}: add it`;
  if (webhook !== undefined && !has("signingKey")) return "lacks the key signingKey: add at least 16 random characters";
  if (webhook !== undefined && webhook.url === undefined && !has("url"))
    return "lacks the key url: add it, or set spec.sink.webhook.url";
  return undefined;
}
