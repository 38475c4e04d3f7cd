import { createPrivateKey, X509Certificate } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createServer } from "node:tls";
import { describe, expect, test } from "vitest";
import { createAuthority } from "../../tools/control-plane/certificates.ts";

describe("the authority of a control plane", () => {
  test("signs itself and may sign others", async () => {
    const authority = await createAuthority();
    const root = new X509Certificate(authority.certificate);
    expect(root.ca).toBe(true);
    expect(root.verify(root.publicKey)).toBe(true);
  });

  test("is another one each time", async () => {
    const [left, right] = [await createAuthority(), await createAuthority()];
    const pair = await left.issueClient({ commonName: "someone" });
    const issued = new X509Certificate(pair.certificate);
    expect(issued.verify(new X509Certificate(left.certificate).publicKey)).toBe(true);
    expect(issued.verify(new X509Certificate(right.certificate).publicKey)).toBe(false);
  });

  test("issues client certificates with user and group, for clients only", async () => {
    const authority = await createAuthority();
    const pair = await authority.issueClient({ commonName: "pawl-admin", organization: "system:masters" });
    const issued = new X509Certificate(pair.certificate);
    expect(issued.subject.split("\n").sort()).toEqual(["CN=pawl-admin", "O=system:masters"]);
    expect(issued.keyUsage).toEqual(["1.3.6.1.5.5.7.3.2"]);
    expect(issued.ca).toBe(false);
    expect(issued.checkPrivateKey(createPrivateKey(pair.key))).toBe(true);
  });

  test("is valid from an hour ago for a year", async () => {
    const { certificate } = await createAuthority(new Date("2026-11-21T12:00:00Z"));
    const root = new X509Certificate(certificate);
    expect(root.validFromDate).toEqual(new Date("2026-11-21T11:00:00Z"));
    expect(root.validToDate).toEqual(new Date("2027-11-21T12:00:00Z"));
  });

  test("is what a TLS server and its client trust each other by", async () => {
    const authority = await createAuthority();
    const [serving, someone] = [
      await authority.issueServer({ commonName: "server" }),
      await authority.issueClient({ commonName: "someone" }),
    ];
    const ca = authority.certificate;
    const server = createServer({ ca, cert: serving.certificate, key: serving.key, requestCert: true });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const met = once(server, "secureConnection");
    const { port } = server.address() as AddressInfo;
    const client = connect({ ca, cert: someone.certificate, key: someone.key, host: "127.0.0.1", port });
    await once(client, "secureConnect");
    const [socket] = await met;
    expect(client.authorized).toBe(true);
    expect(socket.authorized).toBe(true);
    expect(socket.getPeerCertificate().subject.CN).toBe("someone");
    client.destroy();
    server.close();
  });
});
