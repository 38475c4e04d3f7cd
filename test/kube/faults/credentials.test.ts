import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import type { ClusterConfig } from "../../../src/kube/config.ts";
import { loadClusterConfig } from "../../../src/kube/config.ts";
import { type Authority, createAuthority, type KeyPair } from "../../../tools/control-plane/certificates.ts";
import { type FakeApiServer, refuse, type ServerTls } from "../fake-api-server.ts";
import { changeUnheard, fault, type Scene, untilLasting } from "./fault.ts";

let dir: string;
let authority: Authority;
let other: Authority;
let pair: KeyPair;
let otherPair: KeyPair;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "pawl-faults-"));
  authority = await createAuthority();
  pair = await authority.issueServer({ commonName: "fake" });
  other = await createAuthority();
  otherPair = await other.issueServer({ commonName: "fake" });
});

afterAll(() => rmSync(dir, { recursive: true }));

const authorityFile = (): string => join(dir, "ca.crt");

/** As in a Pod: the authority is a file that is renewed under us. */
async function byFiles(server: FakeApiServer): Promise<Partial<ClusterConfig>> {
  writeFileSync(authorityFile(), authority.certificate);
  const kubeconfig = join(dir, "config");
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "fake", cluster: { server: server.url, "certificate-authority": authorityFile() } }],
      users: [{ name: "me", user: { token: "first" } }],
      contexts: [{ name: "fake", context: { cluster: "fake", user: "me" } }],
      "current-context": "fake",
    }),
  );
  return loadClusterConfig({ kubeconfig });
}

const overTls: Scene = {
  connect: byFiles,
  server: {
    get tls(): ServerTls {
      return { cert: pair.certificate, key: pair.key };
    },
  },
};

/** A token that is rotated by whoever keeps it, and a server that takes only the newest. */
function tokens(): { readonly scene: Scene; accept(token: string): void; rotate(token: string): void } {
  let accepted = "first";
  let kept = "first";
  const load = async () => ({
    headers: { authorization: `Bearer ${kept}` },
    tls: { ca: null, cert: null, key: null, serverName: null, skipVerify: false },
  });
  return {
    accept: (token) => {
      accepted = token;
    },
    rotate: (token) => {
      kept = token;
    },
    scene: {
      connect: async (server) => {
        server.faults.push(
          ({ headers }, response) =>
            headers.authorization !== `Bearer ${accepted}` && refuse(response, 401, "Unauthorized"),
        );
        return { credentials: { load, reload: load } };
      },
    },
  };
}

describe("a certificate", () => {
  fault(
    'of the server that another authority issued is trusted once its file is there, shown by pawl_watch_restarts_total{reason="error"}',
    { withinSeconds: 240, requests: 4 },
    async ({ server, consumer }) => {
      server.renewCertificate({ cert: otherPair.certificate, key: otherPair.key });
      server.cutConnections();
      changeUnheard(server);
      await consumer.untilStale("error");
      writeFileSync(authorityFile(), other.certificate);
    },
    overTls,
  );
});

describe("a token", () => {
  const rotated = tokens();
  fault(
    'that was rotated is read anew when the old one is refused, shown by pawl_watch_restarts_total{reason="timeout"}',
    { withinSeconds: 60, requests: 3 },
    async ({ server, clock }) => {
      await untilLasting(clock);
      rotated.accept("second");
      rotated.rotate("second");
      server.endWatches();
      changeUnheard(server);
    },
    rotated.scene,
  );

  const late = tokens();
  fault(
    'that is refused before its successor is there is read again and again, shown by pawl_watch_restarts_total{reason="forbidden"}',
    { withinSeconds: 180, requests: 12 },
    async ({ server, consumer }) => {
      late.accept("second");
      server.cutWatches();
      changeUnheard(server);
      await consumer.untilStale("forbidden");
      late.rotate("second");
    },
    late.scene,
  );
});
