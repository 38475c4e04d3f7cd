import type { Clock } from "../../kube/clock.ts";

/** What a sink needs of the world to send one message. */
export interface SinkIo {
  readonly clock: Clock;
  readonly network: Network;
}

export interface Network {
  readonly proxies: Proxies;
  /** How long one delivery may take, in milliseconds. */
  readonly deadlineMs: number;
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

/** Long enough for a mail server that makes strangers wait. */
export const usualDeadlineMs = 60_000;
