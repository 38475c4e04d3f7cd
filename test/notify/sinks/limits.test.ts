import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Message } from "../../../src/notify/message.ts";
import { Credentials } from "../../../src/notify/sinks/credentials.ts";
import { compose, type EmailTarget, emailSink } from "../../../src/notify/sinks/email.ts";
import { slackSink } from "../../../src/notify/sinks/slack.ts";
import { webhookSink } from "../../../src/notify/sinks/webhook.ts";
import { digestOf, policy, report, resource, row } from "../digest/reports.ts";
import { LoopbackReceiver, text } from "./loopback-receiver.ts";
import { digest } from "./messages.ts";
import { io, never, sentAt } from "./sending.ts";

/** 20,000 violations with names as long as Kubernetes allows, full of what means something to somebody. */
function crowd(): Message {
  const long = (name: string, length: number) => name.padEnd(length, '<!channel> *b* `c` "日本" ');
  const violating = Array.from({ length: 4000 }, (_, index) =>
    resource(
      long(`Deployment.apps/web-${index}`, 253),
      Array.from({ length: 5 }, (_row, at) =>
        row("memory-limit", {
          path: long(`containers[name=c${at}]`, 300),
          state: "New",
          since: "2026-11-18T13:00:00Z",
          value: long("v", 64),
        }),
      ),
      { owner: long(`team-${index % 50}`, 63), source: long(`argocd:app-${index % 7}`, 128) },
    ),
  );
  const reports = [report({ resources: 4000, violating })];
  const crowded = digestOf({ policies: [policy()], reports }, { subscription: "platform" });
  return { ...digest, kind: "digest", digest: crowded };
}

describe("a digest of 20,000 violations", () => {
  const message = crowd();
  let receiver: LoopbackReceiver;
  beforeAll(async () => {
    receiver = await LoopbackReceiver.start();
    receiver.replies(text(200, "ok"));
  });
  afterAll(() => receiver.stop());
  const origin = () => `http://127.0.0.1:${receiver.port}`;

  it("counts all of them and shows a few", () => {
    expect(message).toMatchObject({ digest: { verdict: { open: 20_000 }, new: { total: 20_000 } } });
  });

  it("is one request to Slack, below what Slack takes", async () => {
    const sink = slackSink({ apiUrl: new URL("https://slack.com/api") });
    const payload = sink.render(message, {});
    await sink.send(payload, {}, new Credentials([["url", `${origin()}/slack`]]), io(), never);
    const sent = receiver.received.filter(({ path }) => path === "/slack");
    expect(sent).toHaveLength(1);
    expect(payload.content.blocks.length).toBeLessThanOrEqual(50);
    // Slack says 40,000 characters; messages were seen to fail from 13,200 on.
    const words = [...JSON.stringify(payload.content).matchAll(/"text":"((?:[^"\\]|\\.)*)"/g)].map(
      ([, word = ""]) => word,
    );
    expect(
      words.map((word) => (JSON.parse(`"${word}"`) as string).length).reduce((sum, length) => sum + length, 0),
    ).toBeLessThan(13_200);
    // Nobody is called by a name: mentions work in mrkdwn only, and there is none but what is escaped.
    expect(JSON.stringify(payload.content)).not.toContain('mrkdwn":true');
    expect(payload.content.text).not.toMatch(/<!/);
  });

  it("is a mail that nobody cuts", async () => {
    const target: EmailTarget = { host: "mail", port: 25, tls: "None", from: "a@example.com", to: ["b@example.com"] };
    const mail = emailSink().render(message, target);
    const raw = await compose(mail, target, new Date(sentAt));
    expect(Buffer.byteLength(mail.html)).toBeLessThan(100_000);
    expect(raw.byteLength).toBeLessThan(400_000);
    expect(mail.text).toContain("kubectl get scanreports -A -o yaml");
    expect(mail.html).not.toContain("<!channel>");
  });

  it("is one request to a webhook of less than 256 KiB", async () => {
    const sink = webhookSink();
    const credentials = new Credentials([["signingKey", "a-signing-key-of-some-length"]]);
    await sink.send(sink.render(message, {}), { url: `${origin()}/in` }, credentials, io(), never);
    const sent = receiver.received.filter(({ path }) => path === "/in");
    expect(sent.map(({ body }) => Buffer.byteLength(body) < 256 * 1024)).toEqual([true]);
  });
});
