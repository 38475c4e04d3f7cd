import { createHash } from "node:crypto";
import type { Clock } from "./clock.ts";

export interface TlsMaterial {
  /** PEM; null means the system's own authorities. */
  readonly ca: string | null;
  readonly cert: string | null;
  readonly key: string | null;
  readonly serverName: string | null;
  readonly skipVerify: boolean;
}

/** What a request needs to be let in. Header names in lower case. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: TlsMaterial;
}

export interface CredentialSource {
  /** Cheap: re-reads files, asks an exec plugin only when its answer has expired. */
  load(): Promise<Credentials>;
  /** From the very beginning, for when the server refused what `load` gave. */
  reload(): Promise<Credentials>;
}

/** client-go looks at token and certificate files once a minute too. */
const REREAD_MS = 60_000;

/** Keeps credentials fresh: re-read once a minute, anew after a refusal, one reading at a time. */
export class CredentialCache {
  readonly #source: CredentialSource;
  readonly #clock: Clock;
  #current: Promise<Credentials> | null = null;
  #readAt = 0;
  #reloadedAt = Number.NEGATIVE_INFINITY;

  constructor(source: CredentialSource, clock: Clock) {
    this.#source = source;
    this.#clock = clock;
  }

  get(): Promise<Credentials> {
    const now = this.#clock.monotonic();
    if (this.#current !== null && now - this.#readAt < REREAD_MS) return this.#current;
    return this.#read(() => this.#source.load());
  }

  /**
   * The server refused `refused`. Gives what to try instead, or null where nothing newer is to be had.
   * Many requests refused at once cause one reading; an exec plugin is asked at most every ten seconds.
   */
  async renew(refused: Credentials): Promise<Credentials | null> {
    const current = await this.get();
    if (current !== refused) return current;
    const now = this.#clock.monotonic();
    if (now - this.#reloadedAt < 10_000) return null;
    this.#reloadedAt = now;
    return this.#read(() => this.#source.reload());
  }

  #read(load: () => Promise<Credentials>): Promise<Credentials> {
    const reading = load();
    this.#current = reading;
    this.#readAt = this.#clock.monotonic();
    reading.catch(() => {
      // A failed reading is not kept: the next request tries again. Whoever waits for this one gets its error.
      if (this.#current === reading) this.#current = null;
    });
    return reading;
  }
}

/** Changes exactly when connections have to be made anew. */
export function tlsFingerprint(tls: TlsMaterial): string {
  return createHash("sha256").update(JSON.stringify(tls)).digest("base64");
}
