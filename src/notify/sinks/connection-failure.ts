import { TunnelError } from "../../kube/tunnel.ts";
import { authoritiesKey } from "./credentials.ts";
import type { DeliveryFailure } from "./delivery-error.ts";

export interface Receiver {
  /** `hooks.slack.com`, `mail.example.com:587`. */
  readonly name: string;
  /** Where its address stands: a field below `spec.sink`, or a Secret key. */
  readonly field: string;
  /** Whether it may have had the whole message before the connection failed. */
  readonly unconfirmed: boolean;
}

/** What it means that no connection came about, or that it broke. */
export function connectionFailure(error: unknown, receiver: Receiver): DeliveryFailure {
  const { name, field, unconfirmed } = receiver;
  const tunnel = causes(error).find((one) => one instanceof TunnelError);
  if (tunnel !== undefined) return proxyFailure(tunnel);
  const codes = codesOf(error);
  const certificate = codes.find((code) => certificateFailures.has(code));
  if (certificate !== undefined) return certificateFailure(certificate, receiver);
  if (codes.some((code) => code === "EPROTO" || code.startsWith("ERR_SSL_")))
    return {
      code: "BadCertificate",
      retry: "never",
      field,
      reason: `no encrypted connection to ${name} came about: ${codes.join(", ")}`,
      advice: "Check that this port speaks TLS, in version 1.2 or newer.",
    };
  if (codes.some((code) => timeouts.has(code))) return timeout(receiver);
  const [code] = codes;
  return {
    code: "Unreachable",
    retry: {},
    field,
    reason: `${name} could not be reached: ${wordsFor.get(code ?? "") ?? code ?? "the connection broke"}`,
    advice: "Check the address, network policies and the proxy; it is tried again.",
    unconfirmed,
  };
}

export function timeout({ name, field, unconfirmed }: Receiver): DeliveryFailure {
  return {
    code: "Timeout",
    retry: {},
    field,
    reason: unconfirmed ? `${name} gave no answer in time` : `no connection to ${name} came about in time`,
    advice: "Check the address, network policies and the proxy; it is tried again.",
    unconfirmed,
  };
}

function proxyFailure({ message, status }: TunnelError): DeliveryFailure {
  if (status === 407)
    return {
      code: "Unauthorized",
      retry: "never",
      field: "HTTPS_PROXY",
      reason: message,
      advice: "Put user and password into the proxy's address: http://user:password@proxy:3128.",
    };
  return {
    code: "Unreachable",
    retry: {},
    field: "HTTPS_PROXY",
    reason: message,
    advice: "Check the proxy's address and what it lets through, or name the receiver in NO_PROXY.",
  };
}

function certificateFailure(code: string, { name, field }: Receiver): DeliveryFailure {
  const reason = `the certificate of ${name} was not accepted: ${code}`;
  if (code === "CERT_HAS_EXPIRED" || code === "CERT_NOT_YET_VALID")
    return { code: "BadCertificate", retry: {}, field, reason, advice: "Its owner has to renew it." };
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID" || code === "HOSTNAME_MISMATCH")
    return {
      code: "BadCertificate",
      retry: "never",
      field,
      reason,
      advice: "It is for another name: write the address as the certificate names it.",
    };
  return {
    code: "BadCertificate",
    retry: "never",
    field: `Secret key "${authoritiesKey}"`,
    reason,
    advice: "If an authority of your own issued it, put that authority's certificate there.",
  };
}

/** Codes of the error and of what caused it, the innermost first; nodemailer keeps the original in `originalCode`. */
export function codesOf(error: unknown): string[] {
  const codes = causes(error).flatMap((one) => {
    const { originalCode, code } = one as { readonly originalCode?: unknown; readonly code?: unknown };
    return [originalCode, code].filter((name) => typeof name === "string");
  });
  return [...new Set(codes)];
}

function causes(error: unknown): Error[] {
  if (!(error instanceof Error)) return [];
  const inner = error instanceof AggregateError ? error.errors : [];
  return [...inner.flatMap(causes), ...causes(error.cause), error];
}

const timeouts: ReadonlySet<string> = new Set(["ETIMEDOUT", "UND_ERR_CONNECT_TIMEOUT"]);

const wordsFor: ReadonlyMap<string, string> = new Map([
  ["ENOTFOUND", "its name is unknown"],
  ["EAI_AGAIN", "its name could not be resolved"],
  ["ECONNREFUSED", "it refuses connections"],
  ["ECONNRESET", "it broke the connection"],
  ["EPIPE", "it broke the connection"],
  ["UND_ERR_SOCKET", "it closed the connection without an answer"],
  ["ECONNECTION", "it closed the connection without an answer"],
]);

/** What Node says when it does not accept a certificate. */
const certificateFailures: ReadonlySet<string> = new Set([
  "CERT_CHAIN_TOO_LONG",
  "CERT_HAS_EXPIRED",
  "CERT_NOT_YET_VALID",
  "CERT_REJECTED",
  "CERT_REVOKED",
  "CERT_SIGNATURE_FAILURE",
  "CERT_UNTRUSTED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "HOSTNAME_MISMATCH",
  "INVALID_CA",
  "INVALID_PURPOSE",
  "PATH_LENGTH_EXCEEDED",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);
