import type { BadSpec } from "./policy-spec-cases.ts";

const slack = { slack: { secretRef: { name: "pawl-slack" } } };
const digest = { schedule: "0 9 * * 1" };

export const goodSubscriptionSpecs: readonly { readonly title: string; readonly spec: object }[] = [
  { title: "the least for digests", spec: { sink: slack, digest } },
  { title: "the least for immediate messages", spec: { sink: slack, immediate: {} } },
  {
    title: "every field of Slack and of the filter",
    spec: {
      sink: {
        slack: {
          secretRef: { name: "pawl-slack" },
          channel: "#platform",
          routes: [
            { owner: "payments", channel: "#payments" },
            { owner: "unowned", channel: "C024BE91L" },
          ],
        },
      },
      filter: {
        policies: ["production"],
        namespaces: { include: ["shop-*"], exclude: ["shop-sandbox"] },
        owners: { include: ["payments", "shop-*"], exclude: ["shop-qa"] },
        sources: { exclude: ["helm:*"] },
        minimumSeverity: "High",
        states: ["New", "Fixed"],
      },
      digest: { schedule: "@weekly", timeZone: "Europe/Berlin" },
      immediate: { groupBy: "Rule", wait: "0s", interval: "1h", maxPerHour: 60 },
      suspend: true,
    },
  },
  {
    title: "every field of email",
    spec: {
      sink: {
        email: {
          secretRef: { name: "pawl-smtp" },
          host: "smtp.example.com",
          port: 465,
          tls: "TLS",
          from: "Pawl <pawl@example.com>",
          to: ["platform@example.com", "Shop Team <shop@example.com>"],
        },
      },
      digest,
    },
  },
  {
    title: "every field of a webhook",
    spec: {
      sink: { webhook: { secretRef: { name: "pawl-webhook" }, url: "https://hooks.example.com/pawl?team=a" } },
      digest,
    },
  },
];

export const badSubscriptionSpecs: readonly BadSpec[] = [
  {
    because: "no sink",
    spec: { sink: {}, digest },
    problem: {
      path: "spec.sink",
      message: "needs exactly one of slack, email and webhook: make one subscription for each",
    },
    server: "spec.sink: Invalid value: needs exactly one of slack, email and webhook: make one subscription for each",
  },
  {
    because: "two sinks",
    spec: { sink: { ...slack, webhook: { secretRef: { name: "a" } } }, digest },
    problem: {
      path: "spec.sink",
      message: "needs exactly one of slack, email and webhook: make one subscription for each",
    },
    server: "spec.sink: Invalid value: needs exactly one of slack, email and webhook: make one subscription for each",
  },
  {
    because: "neither digest nor immediate messages",
    spec: { sink: slack },
    problem: { path: "spec", message: "needs digest or immediate, or nothing would be sent: add one" },
    server: "spec: Invalid value: needs digest or immediate, or nothing would be sent: add one",
  },
  {
    because: "routes without a fallback",
    spec: {
      sink: { slack: { secretRef: { name: "a" }, routes: [{ owner: "payments", channel: "#payments" }] } },
      digest,
    },
    problem: { path: "spec.sink.slack", message: "has routes but no channel for what they leave: set channel" },
    server: "spec.sink.slack: Invalid value: has routes but no channel for what they leave: set channel",
  },
  {
    because: "two routes of one team",
    spec: {
      sink: {
        slack: {
          secretRef: { name: "a" },
          channel: "#platform",
          routes: [
            { owner: "payments", channel: "#payments" },
            { owner: "payments", channel: "#shop" },
          ],
        },
      },
      digest,
    },
    problem: {
      path: "spec.sink.slack.routes[1]",
      message: 'owner "payments" has a route already: remove one',
    },
    server: "spec.sink.slack.routes[1]: Duplicate value",
  },
  {
    because: "an address of mail that is none",
    spec: { sink: { email: { host: "smtp.example.com", from: "pawl", to: ["a@example.com"] } }, digest },
    problem: {
      path: "spec.sink.email.from",
      message: '"pawl" is not an address: write team@example.com, or Platform Team <team@example.com>',
    },
    server:
      'spec.sink.email.from: Invalid value: "pawl": is not an address: write team@example.com, or Platform Team <team@example.com>',
  },
  {
    because: "mail to nobody",
    spec: { sink: { email: { host: "smtp.example.com", from: "a@example.com", to: [] } }, digest },
    problem: { path: "spec.sink.email.to", message: "is empty: at least 1 needed" },
    server: "spec.sink.email.to: Invalid value",
  },
  {
    because: "a webhook without a scheme",
    spec: { sink: { webhook: { secretRef: { name: "a" }, url: "hooks.example.com" } }, digest },
    problem: {
      path: "spec.sink.webhook.url",
      message: '"hooks.example.com" is not an address: write it with https://',
    },
    server: 'spec.sink.webhook.url: Invalid value: "hooks.example.com": is not an address: write it with https://',
  },
  {
    because: "a wait that is longer than people wait",
    spec: { sink: slack, immediate: { wait: "1h" } },
    problem: {
      path: "spec.immediate.wait",
      message: '"1h" is not a duration from 0s to 10m: write for example 60s or 5m',
    },
    server: 'spec.immediate.wait: Invalid value: "1h": is not a duration from 0s to 10m: write for example 60s or 5m',
  },
  {
    because: "no message in an hour",
    spec: { sink: slack, immediate: { maxPerHour: 0 } },
    problem: { path: "spec.immediate.maxPerHour", message: "is 0: at least 1 needed" },
    server: "spec.immediate.maxPerHour: Invalid value: 0",
  },
  {
    because: "a digest that is never due",
    spec: { sink: slack, digest: { schedule: "0 0 30 2 *" } },
    problem: {
      path: "spec.digest.schedule",
      message: 'never due: no month of "2" has a day of month "30"',
    },
  },
  {
    because: "a time zone that does not exist",
    spec: { sink: slack, digest: { ...digest, timeZone: "Europe/Gotham" } },
    problem: {
      path: "spec.digest.timeZone",
      message:
        'there is no time zone "Europe/Gotham"; write a name of the time zone database such as Europe/Berlin or Etc/UTC',
    },
  },
];
