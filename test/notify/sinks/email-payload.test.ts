import PostalMime from "postal-mime";
import { describe, expect, it } from "vitest";
import { compose, type EmailTarget, emailSink } from "../../../src/notify/sinks/email.ts";
import { baseline, digest, notice } from "./messages.ts";
import { sentAt } from "./sending.ts";

const target: EmailTarget = {
  host: "mail.example.com",
  port: 587,
  tls: "StartTLS",
  from: "pawl@example.com",
  to: ["team@example.com"],
};
const { render } = emailSink();

describe("a mail with a digest", () => {
  const mail = render(digest, target);

  it("has the verdict as its subject", () => {
    expect(mail.subject).toMatch(/^prod-eu: \d+ new, \d+ fixed/);
  });

  it("shows the one picture that it brings, and says in words what is on it", () => {
    const [image] = mail.images;
    expect(mail.images).toHaveLength(1);
    expect(mail.html).toContain(`<img src="cid:${image?.cid}" alt="Open violations per 100 resources over`);
    expect(mail.html).toContain("From the top: production, security. Red: critical and high.");
  });

  it("loads nothing from elsewhere", () => {
    const sources = [...mail.html.matchAll(/(?:src|href|url)\s*[=(]\s*["']?([^"')\s>]+)/g)].map(([, source]) => source);
    expect(sources.filter((source) => !source?.startsWith("cid:"))).toEqual([]);
  });

  it("is marked where it may be there twice", () => {
    const repeat = render({ ...digest, repeated: true }, target);
    expect(repeat.subject).toBe(`[repeat] ${mail.subject}`);
    expect(repeat.text).not.toBe(mail.text);
    expect(repeat.id).toBe(mail.id);
  });
});

describe.each([digest, baseline, notice])("a mail with a message of kind $kind", (message) => {
  it("renders to the same bytes each time", async () => {
    const [first, second] = await Promise.all(
      [render(message, target), render(message, target)].map((mail) => compose(mail, target, new Date(sentAt))),
    );
    expect(Buffer.compare(first ?? Buffer.of(), second ?? Buffer.of())).toBe(0);
  });

  it("offers plain text before HTML", async () => {
    const raw = await compose(render(message, target), target, new Date(sentAt));
    const types = [
      ...Buffer.from(raw)
        .toString()
        .matchAll(/^Content-Type: (text\/\w+|multipart\/\w+)/gm),
    ].map(([, type]) => type);
    expect(types).toEqual([
      "multipart/alternative",
      "text/plain",
      ...(message.kind === "digest" ? ["multipart/related"] : []),
      "text/html",
    ]);
  });
});

it("what is written into names stays in its header", async () => {
  const names = "prod\r\nBcc: evil@example.com\r\n\r\n<b>*hi*</b> 日本語 \u202e".padEnd(2000, "x");
  const mail = { ...render(digest, target), subject: names, cluster: names, subscription: names };
  const raw = await compose(mail, target, new Date(sentAt));
  const { headers, bcc, to } = await PostalMime.parse(raw);
  expect(bcc).toBeUndefined();
  expect(to).toEqual([{ name: "", address: "team@example.com" }]);
  expect(headers.map(({ key }) => key).sort()).toEqual([
    "auto-submitted",
    "content-type",
    "date",
    "from",
    "list-id",
    "message-id",
    "mime-version",
    "subject",
    "to",
    "x-auto-response-suppress",
  ]);
  expect(
    Math.max(
      ...Buffer.from(raw)
        .toString()
        .split("\r\n")
        .map((line) => line.length),
    ),
  ).toBeLessThanOrEqual(998);
});
