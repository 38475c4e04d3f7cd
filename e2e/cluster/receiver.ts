import { createAuthority } from "../../tools/control-plane/certificates.ts";
import { type Cluster, namespace } from "./cluster.ts";

/** With the key that signs, and the authority that the receiver's certificate is from. */
export const receiverSecret = "pawl-receiver";

/** What is read here of a message; docs/reference/webhook-v1.schema.json has all of it. */
export interface ReceivedMessage {
  readonly id: string;
  readonly kind: "digest" | "baseline" | "transitions";
  readonly notice?: { readonly rule: { readonly id: string } };
}

const host = "receiver.receiver.svc";

/** Prints each request's body as a line. */
const program = `
  const { createServer } = require("node:https");
  const { readFileSync } = require("node:fs");
  const tls = { cert: readFileSync("/tls/tls.crt"), key: readFileSync("/tls/tls.key") };
  createServer(tls, (request, response) => {
    let body = "";
    request.on("data", (chunk) => { body += chunk; });
    request.on("end", () => { console.log(body); response.end(); });
  }).listen(8443);
`;

/** A program in the cluster that takes webhooks, and a subscription that posts to it at once what becomes new. */
export async function receive(cluster: Cluster): Promise<void> {
  const authority = await createAuthority();
  const { certificate, key } = await authority.issueServer({ commonName: host }, [host]);
  const labels = { app: "receiver" };
  const metadata = { name: "receiver", namespace: "receiver" };
  await cluster.apply(
    { apiVersion: "v1", kind: "Namespace", metadata: { name: "receiver" } },
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { ...metadata, name: "receiver-tls" },
      type: "kubernetes.io/tls",
      stringData: { "tls.crt": certificate, "tls.key": key },
    },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata,
      spec: {
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            terminationGracePeriodSeconds: 1,
            containers: [
              {
                name: "receiver",
                image: cluster.image,
                command: ["node", "-e", program],
                ports: [{ containerPort: 8443 }],
                readinessProbe: { tcpSocket: { port: 8443 }, periodSeconds: 1 },
                volumeMounts: [{ name: "tls", mountPath: "/tls", readOnly: true }],
              },
            ],
            volumes: [{ name: "tls", secret: { secretName: "receiver-tls" } }],
          },
        },
      },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata,
      spec: { selector: labels, ports: [{ port: 443, targetPort: 8443 }] },
    },
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: receiverSecret, namespace },
      stringData: { signingKey: "0123456789abcdef", "ca.crt": authority.certificate },
    },
    {
      apiVersion: "pawl.dev/v1alpha1",
      kind: "ReportSubscription",
      metadata: { name: "receiver" },
      spec: {
        sink: { webhook: { url: `https://${host}/`, secretRef: { name: receiverSecret } } },
        immediate: { wait: "1s", interval: "0s" },
      },
    },
  );
  await cluster.kubectl("rollout", "status", "deployment/receiver", "-n", "receiver", "--timeout=120s");
  await cluster.kubectl("wait", "--for=condition=Ready", "reportsubscription/receiver", "--timeout=60s");
}

/** Every message so far, oldest first. */
export async function received(cluster: Cluster): Promise<readonly ReceivedMessage[]> {
  const log = await cluster.kubectl("logs", "deployment/receiver", "-n", "receiver");
  return log
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as ReceivedMessage);
}
