import type { ApiType } from "./api-type.ts";
import type { KubeClient, WriteOptions } from "./client.ts";
import type { Clock } from "./clock.ts";
import { AlreadyExistsError, BadRequestError, isNamespaceTerminating } from "./errors.ts";
import { microTime } from "./micro-time.ts";

const EVENT: ApiType = { group: "events.k8s.io", version: "v1", kind: "Event", plural: "events", namespaced: true };

export interface ObjectReference {
  readonly apiVersion: string;
  readonly kind: string;
  /** Empty for cluster-scoped objects; their Events go to namespace `default`. */
  readonly namespace: string;
  readonly name: string;
  readonly uid?: string | undefined;
  readonly resourceVersion?: string | undefined;
}

export interface EventRequest {
  /** A valid object name that stands for what happened: the same one is never sent twice. */
  readonly name: string;
  readonly regarding: ObjectReference;
  readonly related?: ObjectReference | undefined;
  readonly type: "Normal" | "Warning";
  /** In upper camel case, at most 128 characters: `ViolationFound`. */
  readonly reason: string;
  /** What was done, in upper camel case, at most 128 characters: `Scan`. */
  readonly action: string;
  /** Cut to 1 KiB. */
  readonly note: string;
  /** Passes the limits: for the Event that tells of suppressed ones. */
  readonly unlimited?: boolean | undefined;
  /**
   * Told before a restart, so it is probably there. The server is asked first, which changes nothing and counts for no
   * limit: only one that is not there can be held back.
   */
  readonly retold?: boolean | undefined;
}

/** `known`: it is there already, through an earlier call or another process. `dropped`: its namespace is being deleted. */
export type EventOutcome = "sent" | "known" | "suppressed" | "dropped";

export interface EventRecorderOptions {
  readonly client: KubeClient;
  /** `pawl.dev/operator`. */
  readonly controller: string;
  /** Name of the Pod, at most 128 characters. */
  readonly instance: string;
  readonly clock: Clock;
  /** Told once a minute at most how many Events the limits have held back since. */
  readonly onSuppressed: (count: number) => void;
}

const PER_OBJECT_MS = 5 * 60_000;
const WINDOW_MS = 60_000;
const PER_WINDOW = 50;
const NOTE_BYTES = 1024;

interface Sent {
  readonly name: string;
  readonly at: number;
}

/** Sends Events under names that the caller chooses: at most one an object in 5 minutes, and 50 a minute in all. */
export class EventRecorder {
  readonly #options: EventRecorderOptions;
  /** Last Event of each object within the last 5 minutes. */
  readonly #byObject = new Map<string, Sent>();
  /** Times of the Events of the last minute. */
  #recent: number[] = [];
  #suppressed = 0;
  #cancelReport: (() => void) | null = null;
  #closed = false;

  constructor(options: EventRecorderOptions) {
    this.#options = options;
  }

  /** Throws KubeError. An Event that is not sent now counts for no limit. */
  async send(event: EventRequest, signal?: AbortSignal): Promise<EventOutcome> {
    const { apiVersion, kind, namespace, name } = event.regarding;
    const object = `${apiVersion}/${kind}/${namespace}/${name}`;
    if (this.#byObject.get(object)?.name === event.name) return "known";
    if (event.retold && !event.unlimited) {
      const found = await this.#look(event, signal);
      if (found !== "absent") return found;
    }
    if (event.unlimited) return this.#create(event, { signal });
    const now = this.#options.clock.monotonic();
    this.#forget(now);
    const last = this.#byObject.get(object);
    if (last?.name === event.name) return "known";
    if (last !== undefined || this.#recent.length >= PER_WINDOW) {
      this.#suppress();
      return "suppressed";
    }
    // Booked before it is sent, or many at once would all find room.
    this.#byObject.set(object, { name: event.name, at: now });
    this.#recent.push(now);
    let sent = false;
    try {
      const outcome = await this.#create(event, { signal });
      sent = outcome === "sent";
      return outcome;
    } finally {
      if (!sent) this.#unbook(object, event.name, now);
    }
  }

  /**
   * Ends the timer: `onSuppressed` is called at once for what it has not been told of, and never again. Whether that
   * can still be sent is up to the caller.
   */
  close(): void {
    this.#closed = true;
    this.#cancelReport?.();
    this.#report();
  }

  /** Tries to create it without creating it: that needs no permission to read Events. */
  async #look(event: EventRequest, signal: AbortSignal | undefined): Promise<"known" | "dropped" | "absent"> {
    try {
      const outcome = await this.#create(event, { signal, dryRun: true });
      return outcome === "sent" ? "absent" : outcome;
    } catch (error) {
      // An admission webhook with side effects bears no dry run: creating it will tell.
      if (error instanceof BadRequestError) return "absent";
      throw error;
    }
  }

  async #create(event: EventRequest, options: WriteOptions): Promise<"sent" | "known" | "dropped"> {
    try {
      await this.#options.client.create(EVENT, this.#build(event), options);
      return "sent";
    } catch (error) {
      if (error instanceof AlreadyExistsError) return "known";
      if (isNamespaceTerminating(error)) return "dropped";
      throw error;
    }
  }

  #build(event: EventRequest): Record<string, unknown> {
    const { controller, instance, client } = this.#options;
    return {
      apiVersion: "events.k8s.io/v1",
      kind: "Event",
      metadata: { name: event.name, namespace: event.regarding.namespace || "default" },
      eventTime: microTime(client.serverTime()),
      reportingController: controller,
      reportingInstance: instance,
      action: event.action,
      reason: event.reason,
      type: event.type,
      note: cutToBytes(event.note, NOTE_BYTES),
      regarding: reference(event.regarding),
      ...(event.related !== undefined && { related: reference(event.related) }),
    };
  }

  #forget(now: number): void {
    this.#recent = this.#recent.filter((at) => now - at < WINDOW_MS);
    for (const [object, { at }] of this.#byObject) {
      // In order of sending: what follows is younger.
      if (now - at < PER_OBJECT_MS) break;
      this.#byObject.delete(object);
    }
  }

  #unbook(object: string, name: string, at: number): void {
    if (this.#byObject.get(object)?.name === name) this.#byObject.delete(object);
    const place = this.#recent.indexOf(at);
    if (place >= 0) this.#recent.splice(place, 1);
  }

  #suppress(): void {
    if (this.#closed) return;
    this.#suppressed += 1;
    this.#cancelReport ??= this.#options.clock.after(WINDOW_MS, () => this.#report());
  }

  #report(): void {
    this.#cancelReport = null;
    const count = this.#suppressed;
    this.#suppressed = 0;
    if (count > 0) this.#options.onSuppressed(count);
  }
}

function reference(object: ObjectReference): Record<string, unknown> {
  const { apiVersion, kind, namespace, name, uid, resourceVersion } = object;
  return { apiVersion, kind, ...(namespace !== "" && { namespace }), name, uid, resourceVersion };
}

/** The longest beginning that fits, an ellipsis at its end, no character cut in two. */
export function cutToBytes(text: string, bytes: number): string {
  const encoded = Buffer.from(text, "utf8");
  if (encoded.length <= bytes) return text;
  let end = bytes - Buffer.byteLength("…");
  // Bytes 10xxxxxx continue a character.
  while (end > 0 && ((encoded[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return `${encoded.subarray(0, end).toString("utf8")}…`;
}
