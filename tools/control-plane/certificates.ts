import "reflect-metadata";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import * as x509 from "@peculiar/x509";

/** A certificate and its private key, both PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

/** Who a certificate speaks for: `CN` is the user (or server) name, `O` the groups. */
export interface Subject {
  readonly commonName: string;
  readonly organization?: string;
}

/** An own certificate authority that lives as long as one control plane. */
export interface Authority {
  /** PEM. */
  readonly certificate: string;
  /** For TLS servers on the loopback address, and under these names. */
  issueServer(subject: Subject, names?: readonly string[]): Promise<KeyPair>;
  /** For clients, which the API server knows by their subject. */
  issueClient(subject: Subject): Promise<KeyPair>;
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const HOUR = 3_600_000;

export async function createAuthority(now: Date = new Date()): Promise<Authority> {
  // An hour back, for clocks that were just set; a year ahead, far longer than any control plane here lives.
  const validity = { notBefore: new Date(now.getTime() - HOUR), notAfter: new Date(now.getTime() + 365 * 24 * HOUR) };
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: distinguishedName({ commonName: "pawl control plane" }),
    ...validity,
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    ],
  });

  async function issue(subject: Subject, extensions: x509.Extension[]): Promise<KeyPair> {
    const own = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: serialNumber(),
      subject: distinguishedName(subject),
      issuer: root.subject,
      ...validity,
      publicKey: own.publicKey,
      signingKey: keys.privateKey,
      signingAlgorithm: algorithm,
      extensions: [new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true), ...extensions],
    });
    const der = await crypto.subtle.exportKey("pkcs8", own.privateKey);
    return { certificate: certificate.toString("pem"), key: x509.PemConverter.encode(der, "PRIVATE KEY") };
  }

  return {
    certificate: root.toString("pem"),
    issueServer: (subject, names = []) =>
      issue(subject, [
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension([
          { type: "ip", value: "127.0.0.1" },
          { type: "dns", value: "localhost" },
          { type: "dns", value: "kubernetes.default.svc" },
          ...names.map((value) => ({ type: "dns" as const, value })),
        ]),
      ]),
    issueClient: (subject) => issue(subject, [new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth])]),
  };
}

/** The key pair that signs service-account tokens: PEM, PKCS #8 and SPKI. */
export function createTokenKeys(): { privateKey: string; publicKey: string } {
  return generateKeyPairSync("ec", {
    namedCurve: "P-256",
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
}

function serialNumber(): string {
  // A leading zero bit keeps the number positive.
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0] ?? 0) & 0x7f;
  return bytes.toString("hex");
}

function distinguishedName(subject: Subject): x509.JsonName {
  return [...(subject.organization === undefined ? [] : [{ O: [subject.organization] }]), { CN: [subject.commonName] }];
}
