import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { DeliveryError } from "../../src/notify/sinks/delivery-error.ts";
import { createAuthority } from "../../tools/control-plane/certificates.ts";
import { deliver } from "../../tools/demo/deliver.ts";
import { readReceivers } from "../../tools/demo/receivers.ts";
import { digest } from "../formats/samples.ts";
import { LoopbackMailServer } from "../notify/sinks/loopback-mail-server.ts";

/** A server on loopback that answers everything with this, and remembers what it was sent. */
async function webhook(status: number, answer: string) {
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    bodies.push(await text(request));
    response.writeHead(status, { "content-type": "text/plain" }).end(answer);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
  });
  return { bodies, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/x` };
}

const message = {
  id: "demo-1",
  cluster: "demo",
  subscription: "demo",
  at: "2026-11-23T08:00:00Z",
  repeated: false,
  kind: "digest",
  digest,
} as const;

test("the demo posts its digest to an incoming webhook", async () => {
  const { bodies, url } = await webhook(200, "ok");

  await deliver(message, { type: "slack", url }, new AbortController().signal);

  expect(bodies.map((body) => (JSON.parse(body) as { readonly text: string }).text)).toEqual([digest.verdict.text]);
});

test("the demo mails its digest to the server that SMTP names", async () => {
  const keyPair = await (await createAuthority()).issueServer({ commonName: "mail" });
  const server = await LoopbackMailServer.start({ keyPair });
  onTestFinished(() => server.stop());
  const [receiver] = readReceivers({
    SMTP: `smtp://127.0.0.1:${server.port}/?from=pawl@example.com&to=team@example.com&tls=None`,
  });

  if (receiver === undefined) throw new Error("SMTP names no receiver");
  await deliver(message, receiver, new AbortController().signal);

  expect(server.received).toMatchObject([{ to: ["team@example.com"], mail: { subject: digest.verdict.text } }]);
});

test("the demo says why its digest could not be posted", async () => {
  const { url } = await webhook(404, "no_service");

  await expect(deliver(message, { type: "slack", url }, new AbortController().signal)).rejects.toThrow(DeliveryError);
});
