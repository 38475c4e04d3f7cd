import { createHmac } from "node:crypto";

/**
 * The header `Pawl-Signature`: `t=<seconds since 1970>,v1=<hex>`, an HMAC with SHA-256 over `<t>.<body>`. The time is signed too,
 * so that a receiver can refuse what somebody recorded and sends again later.
 * @param now milliseconds since the epoch
 */
export function signature(body: string, signingKey: string, now: number): string {
  const t = Math.floor(now / 1000);
  return `t=${t},v1=${createHmac("sha256", signingKey).update(`${t}.${body}`).digest("hex")}`;
}
