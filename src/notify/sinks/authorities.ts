import { X509Certificate } from "node:crypto";
import * as tls from "node:tls";
import { authoritiesKey, type Credentials } from "./credentials.ts";
import { DeliveryError } from "./delivery-error.ts";

const oneCertificate = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * The authorities to trust, as PEM: the system's, and those in the Secret; undefined leaves it to the system.
 * @throws DeliveryError if the Secret's key holds no certificate
 */
export function authorities(credentials: Credentials): string | undefined {
  const own = credentials.get(authoritiesKey);
  if (own === undefined) return undefined;
  const certificates = own.match(oneCertificate) ?? [];
  if (certificates.length === 0 || !certificates.every(isCertificate))
    throw new DeliveryError({
      code: "MissingCredential",
      retry: "never",
      field: `Secret key "${authoritiesKey}"`,
      reason: "it holds no certificate in PEM",
      advice: "Put the authority's certificate there, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----.",
    });
  return [...tls.getCACertificates("default"), ...certificates].join("\n");
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).serialNumber !== "";
  } catch {
    // Node tells broken certificates only by throwing; which part is broken helps nobody.
    return false;
  }
}
