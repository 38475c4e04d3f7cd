import { parseSubscriptionSpec } from "../api/parse-subscription-spec.ts";
import { readStored } from "../api/read-stored.ts";
import { type ReportSubscriptionSpec, storedSubscription } from "../api/report-subscription.ts";
import type { ReportSubscriptionStatus } from "../api/report-subscription-status.ts";
import { type Instant, parseInstant } from "../engine/ledger/instant.ts";
import type { Digest } from "../formats/digest.ts";
import type { KubeClient } from "../kube/client.ts";
import { NotFoundError } from "../kube/errors.ts";
import { collectDigest } from "./collect-digest.ts";
import { Calendar } from "./digest/moment.ts";
import type { DigestRequest } from "./digest/request.ts";
import { subscriptionType } from "./own-types.ts";
import { channelsOf, filterFor } from "./subscription/routing.ts";
import { UnreadableError } from "./unreadable.ts";

/** What one channel of a subscription would be sent now. */
export interface Preview {
  /** A sentence: `To #payments in Slack; the next digest is due Mon 23 Nov 2026, 09:00.` */
  readonly to: string;
  readonly digest: Digest;
}

export interface PreviewRequest extends Pick<DigestRequest, "cluster" | "catalogue" | "until" | "now"> {
  /** Absent: where the last digest of the channel ended, else a week ago. */
  readonly since?: Instant;
}

const weekMs = 7 * 86_400_000;

/**
 * The digests that a subscription would send now, one for each channel; nothing is sent, noted or read of its Secret.
 * @throws UnreadableError if there is no such subscription, or its spec is not understood
 * @throws KubeError
 */
export async function previewSubscription(
  client: KubeClient,
  name: string,
  request: PreviewRequest,
  signal: AbortSignal,
): Promise<readonly Preview[]> {
  const { spec, status } = await readSubscription(client, name, signal);
  const timeZone = spec.digest?.timeZone ?? "Etc/UTC";
  const told = new Map((status?.told ?? []).map(({ channel = "", until }) => [channel, parseInstant(until)]));
  const due =
    status?.nextDigest === undefined ? undefined : new Calendar(timeZone).moment(parseInstant(status.nextDigest));
  const previews: Preview[] = [];
  for (const channel of channelsOf(spec)) {
    const filter = filterFor(spec, channel);
    if (filter === undefined) continue;
    const since = request.since ?? Math.min(told.get(channel) ?? request.until - weekMs, request.until - 1000);
    const heldBack = (status?.heldBack ?? []).find((one) => (one.channel ?? "") === channel)?.messages ?? 0;
    const digest = await collectDigest(
      client,
      { ...request, kind: "digest", since, timeZone, filter, subscription: name, overflow: heldBack },
      signal,
    );
    previews.push({ to: `To ${receiverOf(spec, channel)}; ${whenOf(spec, due?.text)}.`, digest });
  }
  return previews;
}

function whenOf({ digest, suspend }: ReportSubscriptionSpec, due: string | undefined): string {
  if (suspend) return "it is suspended, so nothing is sent";
  if (digest === undefined) return "it asks for no digest, only for immediate messages";
  return due === undefined
    ? "the operator has not set the time of its next digest yet"
    : `the next digest is due ${due}`;
}

function receiverOf({ sink }: ReportSubscriptionSpec, channel: string): string {
  const { slack, email, webhook } = sink;
  if (slack !== undefined) return channel === "" ? "the channel of a Slack webhook" : `${channel} in Slack`;
  if (email !== undefined) return `${email.to.join(", ")} by mail from ${email.from} over ${email.host}:${email.port}`;
  return webhook?.url === undefined
    ? `the webhook whose address is in Secret ${webhook?.secretRef.name}`
    : `the webhook at ${new URL(webhook.url).host}`;
}

interface Subscription {
  readonly spec: ReportSubscriptionSpec;
  readonly status: ReportSubscriptionStatus | undefined;
}

async function readSubscription(client: KubeClient, name: string, signal: AbortSignal): Promise<Subscription> {
  const object = await found(client, name, signal);
  const parsed = parseSubscriptionSpec(object.spec);
  if (!parsed.ok)
    throw new UnreadableError(
      `ReportSubscription ${name} is not understood: ${parsed.problems.map(({ path, message }) => `${path} ${message}`).join("; ")}`,
    );
  const reading = readStored(storedSubscription, object);
  return { spec: parsed.spec, status: reading.ok ? reading.value.status : undefined };
}

async function found(client: KubeClient, name: string, signal: AbortSignal) {
  try {
    return await client.get(subscriptionType, { namespace: "", name }, { signal });
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    throw new UnreadableError(
      `there is no ReportSubscription ${name}: 'kubectl get reportsubscriptions' lists them, if Pawl's kinds are installed`,
      { cause: error },
    );
  }
}
