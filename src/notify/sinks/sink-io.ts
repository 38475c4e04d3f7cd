import type { Clock } from "../../kube/clock.ts";

/** What a sink needs of the world to send one message. */
export interface SinkIo {
  readonly clock: Clock;
  readonly network: Network;
}

export interface Network {
  /** Authorities to trust besides those of the system, as PEM. */
  readonly ca?: string;
  readonly proxies: Proxies;
  readonly timeouts: Timeouts;
}

/** As curl reads them from the environment. Addresses of proxies, such as `http://proxy.example.com:3128`. */
export interface Proxies {
  /** For `https://` (HTTPS_PROXY). */
  readonly https?: string;
  /** For `http://` (HTTP_PROXY). */
  readonly http?: string;
  /** For everything that has none of its own, mail included (ALL_PROXY). */
  readonly all?: string;
  /** What is reached directly (NO_PROXY): hosts, domains, `host:port`, addresses, ranges such as `10.0.0.0/8`, or `*`. */
  readonly except?: string;
}

export interface Timeouts {
  /** Until a connection is there, in milliseconds. */
  readonly connectMs: number;
  /** Longest silence of the receiver, in milliseconds. */
  readonly answerMs: number;
}

export const usualTimeouts: Timeouts = { connectMs: 10_000, answerMs: 30_000 };
