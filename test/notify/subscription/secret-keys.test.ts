import { expect, test } from "vitest";
import { Credentials } from "../../../src/notify/sinks/credentials.ts";
import { missingKey } from "../../../src/notify/subscription/secret-keys.ts";
import { specOf } from "./samples.ts";

const digest = { schedule: "@weekly" };
const secretRef = { name: "a" };
const email = { secretRef, host: "smtp.example.com", from: "a@example.com", to: ["b@example.com"] };

const of = (sink: object, keys: readonly string[]) =>
  missingKey(specOf({ sink, digest }).sink, new Credentials(keys.map((key) => [key, "value"])));

test.each([
  ["Slack's token with a channel", { slack: { secretRef, channel: "#a" } }, ["token"]],
  ["Slack's webhook", { slack: { secretRef } }, ["url"]],
  ["a mail server that asks for nothing", { email }, []],
  ["a mail server that asks for both", { email }, ["username", "password"]],
  ["a webhook", { webhook: { secretRef, url: "https://a.example" } }, ["signingKey"]],
  ["a webhook whose address is secret", { webhook: { secretRef } }, ["signingKey", "url"]],
])("a Secret for %s lacks nothing", (_what, sink, keys) => {
  expect(of(sink, keys)).toBeUndefined();
});

test.each([
  ["neither token nor url", { slack: { secretRef } }, [], /the key token nor the key url: add/],
  ["a token, but no channel", { slack: { secretRef } }, ["token"], /set spec\.sink\.slack\.channel$/],
  ["a channel, but a webhook", { slack: { secretRef, channel: "#a" } }, ["url"], /remove spec\.sink\.slack\.channel/],
  ["half of a login", { email }, ["username"], /not password: add it$/],
  ["no key to sign with", { webhook: { secretRef, url: "https://a.example" } }, ["url"], /lacks the key signingKey/],
  ["no address", { webhook: { secretRef } }, ["signingKey"], /lacks the key url: add it, or set spec/],
])("with %s it is said what to do", (_what, sink, keys, message) => {
  expect(of(sink, keys)).toMatch(message);
});
