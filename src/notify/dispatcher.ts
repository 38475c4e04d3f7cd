import type { ReportSubscriptionSpec } from "../api/report-subscription.ts";
import { formatInstant, type Instant } from "../engine/ledger/instant.ts";
import type { Digest } from "../formats/digest.ts";
import { KubeError } from "../kube/errors.ts";
import { Calendar } from "./digest/moment.ts";
import type { CataloguedRule, DigestRequest } from "./digest/request.ts";
import type { Message } from "./message.ts";
import type { Credentials } from "./sinks/credentials.ts";
import { DeliveryError } from "./sinks/delivery-error.ts";
import type { Sinks } from "./sinks/index.ts";
import type { Receipt, Sink } from "./sinks/sink.ts";
import type { SinkIo } from "./sinks/sink-io.ts";
import type { Failure, PartlyRefused } from "./subscription/attempts.ts";
import type { Happening } from "./subscription/happening.ts";
import { noticeOf } from "./subscription/notice.ts";
import { filterFor } from "./subscription/routing.ts";
import type { SecretReader } from "./subscription/secrets.ts";
import type { Pending } from "./subscription/state.ts";

export interface DispatcherOptions {
  readonly cluster: string;
  readonly sinks: Sinks;
  readonly secrets: SecretReader;
  readonly io: SinkIo;
  readonly catalogue: ReadonlyMap<string, CataloguedRule>;
  /** Reads the cluster's reports; throws KubeError. */
  readonly collectDigest: (request: DigestRequest, signal: AbortSignal) => Promise<Digest>;
}

export interface Attempt {
  /** Of the subscription. */
  readonly name: string;
  readonly spec: ReportSubscriptionSpec;
  readonly pending: Pending;
  readonly happenings: readonly Happening[];
  readonly now: Instant;
  readonly nextDigest: Instant | undefined;
  /** Asked right before it is sent: false if another replica may lead. */
  readonly maySend: () => boolean;
}

/** `version`: of the Secret that was read. */
export type AttemptOutcome =
  | { readonly how: "delivered"; readonly to: string; readonly partly?: PartlyRefused }
  | { readonly how: "failed"; readonly failure: Failure; readonly version: string }
  /** Another replica may lead. */
  | { readonly how: "notSent" }
  /** The spec leaves nothing to tell of. */
  | { readonly how: "needless" };

/** Delivers one message once: credentials, content and sink. What comes of a failure is decided elsewhere. */
export class Dispatcher {
  readonly #options: DispatcherOptions;

  constructor(options: DispatcherOptions) {
    this.#options = options;
  }

  /** @throws only the reason of the aborted signal: then nobody knows whether it has arrived */
  async attempt(attempt: Attempt, signal: AbortSignal): Promise<AttemptOutcome> {
    const reading = await this.#options.secrets.read(attempt.spec, signal);
    if (!reading.ok) {
      const { problem, version } = reading;
      const failure: Failure =
        problem.kind === "stalled"
          ? { reason: problem.reason, message: problem.message, retry: "never", unconfirmed: false }
          : { reason: "SecretUnknown", message: problem.message, retry: {}, unconfirmed: false };
      return { how: "failed", failure, version };
    }
    const { credentials, version } = reading;
    try {
      const message = await this.#messageOf(attempt, signal);
      if (message === undefined) return { how: "needless" };
      if (!attempt.maySend()) return { how: "notSent" };
      const { to, refused } = await this.#send(message, attempt, credentials, signal);
      if (refused === undefined) return { how: "delivered", to };
      return { how: "delivered", to, partly: { field: `spec.sink.${typeOf(attempt.spec)}.to`, refused } };
    } catch (error) {
      if (signal.aborted) throw error;
      if (error instanceof DeliveryError) return { how: "failed", failure: failureOf(error, attempt.spec), version };
      if (!(error instanceof KubeError)) throw error;
      const message = "The reports could not be read, of which the digest is made";
      return {
        how: "failed",
        failure: { reason: "ReportsUnreadable", message, retry: {}, unconfirmed: false },
        version,
      };
    }
  }

  /** Undefined if the spec leaves nothing to tell of. */
  async #messageOf(attempt: Attempt, signal: AbortSignal): Promise<Message | undefined> {
    const { cluster, catalogue, collectDigest } = this.#options;
    const { name, spec, pending, happenings, now, nextDigest } = attempt;
    const timeZone = spec.digest?.timeZone ?? "Etc/UTC";
    const envelope = {
      id: pending.id,
      cluster,
      subscription: name,
      at: formatInstant(pending.at),
      repeated: pending.repeated === true,
    };
    if (pending.kind === "transitions") {
      const notice = noticeOf(pending, { happenings, catalogue, calendar: new Calendar(timeZone) });
      return { ...envelope, kind: "transitions", notice };
    }
    const filter = filterFor(spec, pending.channel);
    if (filter === undefined) return undefined;
    const { kind, since, due, heldBack } = pending;
    const digest = await collectDigest(
      {
        kind,
        cluster,
        since,
        until: pending.at,
        now,
        timeZone,
        filter,
        subscription: name,
        overflow: heldBack,
        ...(due === undefined ? {} : { due }),
        ...(nextDigest === undefined ? {} : { next: nextDigest }),
        catalogue,
      },
      signal,
    );
    return { ...envelope, kind, digest };
  }

  #send(message: Message, { spec, pending }: Attempt, credentials: Credentials, signal: AbortSignal): Promise<Receipt> {
    const { sinks, io } = this.#options;
    const deliver = <Target, Payload>(sink: Sink<Target, Payload>, target: Target) =>
      sink.send(sink.render(message, target), target, credentials, io, signal);
    const { slack, email, webhook } = spec.sink;
    if (slack !== undefined) return deliver(sinks.slack, pending.channel === "" ? {} : { channel: pending.channel });
    if (email !== undefined) return deliver(sinks.email, email);
    if (webhook === undefined) throw new TypeError("a spec without a sink was taken for a good one");
    return deliver(sinks.webhook, webhook.url === undefined ? {} : { url: webhook.url });
  }
}

function failureOf(
  { code, message, retry, field = "", unconfirmed }: DeliveryError,
  spec: ReportSubscriptionSpec,
): Failure {
  const type = typeOf(spec);
  const inSpec = field === type || field.startsWith(`${type}.`);
  return {
    reason: code === "MissingCredential" ? "MissingKey" : code,
    message: inSpec ? `spec.sink.${message}` : message,
    retry: retry === "never" ? retry : retry.after === undefined ? {} : { afterMs: retry.after },
    unconfirmed,
  };
}

function typeOf({ sink }: ReportSubscriptionSpec): string {
  return Object.keys(sink)[0] ?? "";
}
