import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { Credentials } from "../../../src/notify/sinks/credentials.ts";

const marked = "xoxb-marked-secret";

describe("credentials", () => {
  const credentials = new Credentials([
    ["token", marked],
    ["username", ""],
  ]);

  it.each<[string, (value: Credentials) => string]>([
    ["as text", (value) => value.toString()],
    ["as JSON", (value) => JSON.stringify({ value })],
    ["inspected", (value) => inspect(value, { showHidden: true, depth: null })],
    ["as entries", (value) => JSON.stringify(Object.entries(value))],
  ])("do not come out %s", (_, print) => {
    expect(print(credentials)).not.toContain("marked");
  });

  it("tell which keys hold something", () => {
    expect(credentials.keys).toEqual(["token"]);
    expect(credentials.get("token")).toBe(marked);
    expect(credentials.get("username")).toBeUndefined();
  });

  it("lose the line break that an editor left at the end", () => {
    expect(new Credentials([["password", "one\ntwo\r\n"]]).get("password")).toBe("one\ntwo");
  });
});

describe("foreign text", () => {
  it.each([
    ["itself", (value: string) => value],
    ["in Base64", (value: string) => Buffer.from(value).toString("base64")],
    ["in an address", (value: string) => encodeURIComponent(value)],
    ["in JSON", (value: string) => JSON.stringify(value)],
  ])("loses a value written as %s", (_, write) => {
    const credentials = new Credentials([["token", 'pa"ss wörd/1']]);
    const redacted = credentials.redact(`no: ${write('pa"ss wörd/1')}!`);
    expect(redacted).toMatch(/^no: "?\[token\]"?!$/);
  });

  it("loses the answer of a mail client that logs in with PLAIN", () => {
    const credentials = new Credentials([
      ["username", "pawl"],
      ["password", "hush"],
    ]);
    const line = Buffer.from("\0pawl\0hush").toString("base64");
    expect(credentials.redact(`AUTH PLAIN ${line}`)).toBe("AUTH PLAIN [password]");
  });

  it("loses the parts of an address that make it a secret", () => {
    const credentials = new Credentials([["url", "https://hooks.slack.com/services/T0000000/B0000000/marked-token"]]);
    const said = "/services/T0000000/B0000000/marked-token and marked-token alone, on hooks.slack.com";
    expect(credentials.redact(said)).toBe("[url] and [url] alone, on hooks.slack.com");
  });

  it("keeps what an authority's certificate says, which is public", () => {
    expect(new Credentials([["ca.crt", "public"]]).redact("public")).toBe("public");
  });
});
