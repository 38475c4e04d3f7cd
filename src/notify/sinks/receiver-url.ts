import { DeliveryError } from "./delivery-error.ts";
import { isLoopback } from "./proxies.ts";

/**
 * The address of a receiver: `https:`, and `http:` to loopback, where nobody can listen or stand between.
 * @param field where the text stands: a field below `spec.sink`, or a Secret key
 * @throws DeliveryError that does not repeat the text, which may be a secret
 */
export function receiverUrl(text: string, field: string): URL {
  const fail = (reason: string): never => {
    const advice = "Write the receiver's whole address, beginning with https://.";
    throw new DeliveryError({ code: "MissingCredential", retry: "never", field, reason, advice });
  };
  if (!URL.canParse(text)) return fail("it holds no address");
  const url = new URL(text);
  if (url.protocol !== "https:" && url.protocol !== "http:") return fail("its address does not begin with https://");
  if (url.protocol === "http:" && !isLoopback(url.hostname.replace(/^\[|\]$/g, "")))
    return fail("its address begins with http://, and whoever stands between could read and change messages");
  return url;
}
