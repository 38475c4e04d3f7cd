import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer, text } from "node:stream/consumers";
import PostalMime from "postal-mime";
import type { SMTPServerOptions } from "smtp-server";
import { afterAll, beforeAll, describe, expect, type TestContext, test } from "vitest";
import type { ReportSubscriptionStatus } from "../../../src/api/report-subscription-status.ts";
import { type Authority, createAuthority } from "../../../tools/control-plane/certificates.ts";
import { LoopbackMailServer, reply } from "../../notify/sinks/loopback-mail-server.ts";
import { waitFor } from "../cluster.ts";
import { useBench } from "../operator/bench.ts";
import { Judged } from "../operator/judged.ts";
import { only, policy } from "../operator/objects.ts";
import { grantSecrets, type SubscriptionSpecInput, secret, statusOf, subscription } from "./subscribed.ts";

/** One message that was posted to the stand-in for Slack. */
interface Post {
  readonly atMs: number;
  readonly channel: string;
  readonly client_msg_id: string;
  readonly isRepeat: boolean;
}

const posts: Post[] = [];
/** What the stand-in does with the first message to a channel; the later ones it takes. */
const faults = new Map<string, (response: ServerResponse) => void>();

const slack = createServer(async (request, response) => {
  const body = await text(request);
  const { channel, client_msg_id } = JSON.parse(body) as Post;
  posts.push({ atMs: performance.now(), channel, client_msg_id, isRepeat: body.includes("may have arrived before") });
  const fault = faults.get(channel);
  faults.delete(channel);
  if (fault !== undefined) fault(response);
  else response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ ok: true, ts: "1" }));
});

const flags = ["--report-secrets=pawl-slack,pawl-smtp"];
let authority: Authority;

beforeAll(async () => {
  slack.listen(0, "127.0.0.1");
  await once(slack, "listening");
  flags.push(`--slack-api-url=http://127.0.0.1:${(slack.address() as AddressInfo).port}/api`);
  authority = await createAuthority();
});

const bench = useBench({ flags });

beforeAll(async () => {
  await grantSecrets(bench);
  await bench.apply(secret("pawl-slack", { token: "xoxb-marked-token" }));
  await bench.apply(secret("pawl-smtp", { "ca.crt": authority.certificate }));
  await bench.createNamespace("judged");
  await bench.apply(policy("judged", { match: { namespaces: { include: ["judged"] } }, rules: only("memory-limit") }));
  await new Judged(bench, "judged").untilScanned();
});

afterAll(() => {
  slack.closeAllConnections();
  slack.close();
});

/** Its first message is the report of the baseline, which is sent at once. */
async function subscribeTo(name: string, sink: SubscriptionSpecInput["sink"]): Promise<void> {
  await bench.apply(subscription(name, { sink, filter: { policies: ["judged"] }, digest: { schedule: "@yearly" } }));
}

/** Waits until its report of the baseline is delivered and nothing is left to send. */
async function untilDelivered(name: string): Promise<ReportSubscriptionStatus> {
  return await waitFor(() => statusOf(bench, name), {
    describe: `the report of the baseline of ${name} to be delivered`,
    until: ({ lastDelivery, pending }) => lastDelivery?.kind === "baseline" && pending === undefined,
    timeoutMs: 150_000,
  });
}

/** Waits for Ready to be False for that reason; the message. */
async function untilStalled(name: string, reason: string): Promise<string> {
  const readyOf = async () => (await statusOf(bench, name)).conditions?.find(({ type }) => type === "Ready");
  const ready = await waitFor(readyOf, {
    describe: `${name} to be Ready=False ${reason}`,
    until: (found) => found?.status === "False" && found.reason === reason,
    timeoutMs: 60_000,
  });
  return ready?.message ?? "";
}

/** A mail server for one test. */
async function serveMail({ onTestFinished }: TestContext, options: SMTPServerOptions = {}, issuer = authority) {
  const keyPair = await issuer.issueServer({ commonName: "mail" });
  const server = await LoopbackMailServer.start({ keyPair, options });
  onTestFinished(() => server.stop());
  return server;
}

function mailTo(port: number, to: readonly string[] = ["a@example.com"]): SubscriptionSpecInput["sink"] {
  return {
    email: { secretRef: { name: "pawl-smtp" }, host: "127.0.0.1", port, from: "pawl@example.com", to: [...to] },
  };
}

describe.concurrent("a mail", { timeout: 180_000 }, () => {
  test("is delivered once, encrypted, to a server with a certificate of the authority in the Secret", async (context) => {
    const server = await serveMail(context);
    await subscribeTo("mail", mailTo(server.port));
    const { lastFailure } = await untilDelivered("mail");
    expect(lastFailure).toBeUndefined();
    expect(server.received).toMatchObject([{ to: ["a@example.com"], secure: true }]);
  });

  test("is not sent to a server of an unknown authority, and the condition says which key of the Secret helps", async (context) => {
    const server = await serveMail(context, {}, await createAuthority());
    await subscribeTo("mail-unknown", mailTo(server.port));
    const message = await untilStalled("mail-unknown", "BadCertificate");
    expect(message).toMatch(/^Secret key "ca\.crt": the certificate of 127\.0\.0\.1:\d+ was not accepted: /);
    expect(message).toContain("If an authority of your own issued it, put that authority's certificate there.");
    expect((await statusOf(bench, "mail-unknown")).lastFailure).toMatchObject({ reason: "BadCertificate", message });
    expect(server.received).toEqual([]);
  });

  test("that a server has begun to take when it went down comes again, marked, under the same Message-ID", async (context) => {
    const mails: Buffer[] = [];
    const server = await serveMail(context, {
      onData: async (stream, _session, done) => {
        if (mails.length > 0) {
          mails.push(await buffer(stream));
          return done(null);
        }
        const [begin] = (await once(stream, "data")) as [Buffer];
        mails.push(begin);
        server.crash();
      },
    });
    await subscribeTo("mail-down", mailTo(server.port));
    const { lastDelivery, lastFailure } = await untilDelivered("mail-down");
    expect(lastFailure?.reason).toBe("Unreachable");
    expect(lastDelivery?.repeated).toBe(true);
    const [begun, whole, ...more] = await Promise.all(mails.map((mail) => PostalMime.parse(mail)));
    expect(more).toEqual([]);
    expect(begun?.messageId).toMatch(/@example\.com>$/);
    expect(whole?.messageId).toBe(begun?.messageId);
    expect(whole?.subject).toBe(`[repeat] ${begun?.subject}`);
  });

  test("that one of its recipients may not get is delivered to the others, and the status names that one", async (context) => {
    const server = await serveMail(context, {
      onRcptTo: ({ address }, _session, done) => done(address === "b@example.com" ? reply(550, "5.1.1 no") : null),
    });
    await subscribeTo("mail-partly", mailTo(server.port, ["a@example.com", "b@example.com"]));
    const { lastFailure } = await untilDelivered("mail-partly");
    expect(server.received).toMatchObject([{ to: ["a@example.com"] }]);
    expect(lastFailure?.message).toMatch(
      /^spec\.sink\.email\.to: delivered to the others, but b@example\.com was refused/,
    );
  });
});

describe.concurrent("a message to Slack", { timeout: 180_000 }, () => {
  /** Fails once; everything that was posted. */
  async function failingOnce(channel: string, fault: (response: ServerResponse) => void): Promise<readonly Post[]> {
    faults.set(channel, fault);
    await subscribeTo(channel, { slack: { secretRef: { name: "pawl-slack" }, channel } });
    await untilDelivered(channel);
    return posts.filter((post) => post.channel === channel);
  }

  test("that comes too soon waits as long as Slack asks, and is no repeat", async () => {
    const [refused, taken, ...more] = await failingOnce("too-soon", (response) =>
      response.writeHead(429, { "retry-after": "14" }).end(),
    );
    expect(more).toEqual([]);
    expect(taken?.isRepeat).toBe(false);
    // The operator counts whole seconds of the API server's clock.
    expect((taken?.atMs ?? 0) - (refused?.atMs ?? 0)).toBeGreaterThan(13_000);
  });

  test.each<[string, string, (response: ServerResponse) => void]>([
    ["500", "failed", (response) => response.writeHead(500).end()],
    ["no answer", "silent", () => undefined],
  ])("that gets %s comes once more, marked, under the same id", async (_what, channel, fault) => {
    const arrived = await failingOnce(channel, fault);
    expect(arrived.map(({ isRepeat }) => isRepeat)).toEqual([false, true]);
    expect(new Set(arrived.map(({ client_msg_id }) => client_msg_id)).size).toBe(1);
  });
});

test("a Secret that the setting does not name is not read, and the condition says which setting", async () => {
  await subscribeTo("not-allowed", { webhook: { secretRef: { name: "pawl-webhook" }, url: "http://127.0.0.1:9" } });
  expect(await untilStalled("not-allowed", "SecretNotAllowed")).toBe(
    "spec.sink.webhook.secretRef.name: the operator's setting report-secrets does not name pawl-webhook: add it there",
  );
});
