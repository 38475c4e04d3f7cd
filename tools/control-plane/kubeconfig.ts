import { writeFileSync } from "node:fs";
import { dump } from "js-yaml";
import type { ApiAccess } from "./api-client.ts";

/** Writes a kubeconfig that needs no other file, readable by its owner only. */
export function writeKubeconfig(path: string, user: string, access: ApiAccess, namespace?: string): void {
  const base64 = (pem: string) => Buffer.from(pem).toString("base64");
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      { name: "pawl", cluster: { server: access.server, "certificate-authority-data": base64(access.authority) } },
    ],
    users: [
      {
        name: user,
        user: {
          ...(access.clientCertificate === undefined
            ? {}
            : { "client-certificate-data": base64(access.clientCertificate) }),
          ...(access.clientKey === undefined ? {} : { "client-key-data": base64(access.clientKey) }),
          ...(access.token === undefined ? {} : { token: access.token }),
        },
      },
    ],
    contexts: [{ name: user, context: { cluster: "pawl", user, ...(namespace === undefined ? {} : { namespace }) } }],
    "current-context": user,
  };
  writeFileSync(path, dump(config, { lineWidth: -1 }), { mode: 0o600 });
}
