import { describe, expect, it } from "vitest";
import { proxyFor, type Scheme } from "../../../src/notify/sinks/proxies.ts";

const toSlack = { scheme: "https", host: "hooks.slack.com", port: 443 } as const;

describe("the proxy", () => {
  it.each<[Scheme, string | undefined]>([
    ["https", "http://secure:1/"],
    ["http", "http://plain:2/"],
    ["smtp", "http://all:3/"],
  ])("for %s is the one that was given for it", (scheme, expected) => {
    const proxies = { https: "http://secure:1", http: "http://plain:2", all: "http://all:3" };
    expect(proxyFor(proxies, { ...toSlack, scheme })?.href).toBe(expected);
  });

  it("for mail is none where only one for the web was given", () => {
    expect(proxyFor({ https: "http://secure:1" }, { ...toSlack, scheme: "smtp" })).toBeUndefined();
  });

  it("may be written without a scheme", () => {
    expect(proxyFor({ https: "proxy.corp:3128" }, toSlack)?.href).toBe("http://proxy.corp:3128/");
  });

  it.each(["localhost", "127.0.0.1", "127.8.9.1", "::1", "api.localhost"])("is not asked for %s", (host) => {
    expect(proxyFor({ all: "http://all:3" }, { ...toSlack, host })).toBeUndefined();
  });
});

describe("NO_PROXY", () => {
  const at = (host: string, port = 443) => ({ scheme: "https", host, port }) as const;

  it.each([
    ["*", at("hooks.slack.com")],
    ["slack.com", at("slack.com")],
    ["slack.com", at("hooks.slack.com")],
    [".slack.com", at("hooks.slack.com")],
    ["*.slack.com", at("hooks.slack.com")],
    ["a.example, SLACK.com", at("Hooks.Slack.Com")],
    ["slack.com:443", at("slack.com")],
    ["10.1.2.3", at("10.1.2.3")],
    ["10.0.0.0/8", at("10.1.2.3")],
    ["10.1.2.3:443", at("10.1.2.3")],
    ["fd00::/8", at("fd00::5")],
    ["[fd00::5]:443", at("fd00::5")],
    ["fd00:0:0::5", at("fd00::5")],
  ])("%s covers $host", (except, destination) => {
    expect(proxyFor({ https: "http://proxy:1", except }, destination)).toBeUndefined();
  });

  it.each([
    ["", at("slack.com")],
    ["lack.com", at("slack.com")],
    ["hooks.slack.com", at("slack.com")],
    ["slack.com:8443", at("slack.com")],
    ["10.0.0.0/8", at("11.1.2.3")],
    ["10.0.0.0/99", at("10.1.2.3")],
    ["10.1.2.3:8443", at("10.1.2.3")],
    ["10.0.0.0/8", at("ten.example")],
    ["10.0.0.0/8", at("fd00::5")],
  ])("%j leaves $host to the proxy", (except, destination) => {
    expect(proxyFor({ https: "http://proxy:1", except }, destination)?.href).toBe("http://proxy:1/");
  });
});
