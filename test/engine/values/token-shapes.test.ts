import { describe, expect, it } from "vitest";
import { isLiteralValue } from "../../../src/engine/values/literal-value.ts";
import { findTokens, type TokenProvider, tokenProviders } from "../../../src/engine/values/token-shapes.ts";

const all = new Set(tokenProviders);

/** Random-looking letters and digits: what looks like a live credential stands in no file. */
function random(length: number): string {
  return "aZ3kP9qX7mB1".repeat(Math.ceil(length / 12)).slice(0, length);
}

const github = `ghp_${random(36)}`;
const stripe = `sk_live_${random(24)}`;

describe("findTokens", () => {
  it("names each provider once, in alphabetical order", () => {
    expect(findTokens(`${stripe} ${github} ${stripe}`, all)).toEqual(["github", "stripe"]);
  });

  it("looks for the chosen providers only", () => {
    expect(findTokens(`${stripe} ${github}`, new Set<TokenProvider>(["stripe"]))).toEqual(["stripe"]);
  });

  it.each([`x${github}`, `${github}_`, `_${github}`, `ghp_${random(35)}`])("finds nothing in %s", (text) => {
    expect(findTokens(text, all)).toEqual([]);
  });

  it.each([`"${github}"`, `${github}.`, `token=${github}`, `ä${github}ö`, github.toUpperCase().replace("GHP", "ghp")])(
    "finds the token in %s",
    (text) => {
      expect(findTokens(text, all)).toEqual(["github"]);
    },
  );

  it("looks on behind what is only an example", () => {
    expect(findTokens(`AKIAIOSFODNN7EXAMPLE AKIA${random(16).toUpperCase()}`, all)).toEqual(["aws"]);
    expect(findTokens(`https://u:$(P)@a,https://u:${random(9)}@b`, all)).toEqual(["url-credentials"]);
  });

  it.each(["ghp_".concat("x".repeat(36)), `AKIA${"0".repeat(16)}`, `OKTA_TOKEN=${"-".repeat(42)}`])(
    "takes %s for made up",
    (text) => {
      expect(findTokens(text, all)).toEqual([]);
    },
  );

  it.each([
    ["OKTA_TOKEN=", "okta"],
    ["okta: ", "okta"],
    ['"my_okta_api_key" => "', "okta"],
  ])("lets the word before the value tell: %s", (before, provider) => {
    expect(findTokens(`${before}${random(42)}"`, all)).toEqual([provider]);
  });

  it("does not look further than 25 characters behind the word", () => {
    expect(findTokens(`okta ${" ".repeat(25)} = ${random(42)}`, all)).toEqual([]);
  });

  it.each([
    ["-ey".repeat(70_000)],
    [`eyJ${random(200_000)}`],
    ["okta=".repeat(40_000)],
    ["AKIAIOSFODNN7EXAMPLE ".repeat(10_000)],
    ["a://b:c".repeat(30_000)],
    ["sk-".repeat(70_000).concat("T3BlbkFJ")],
  ])("takes time in proportion to a hostile text", (text) => {
    const started = performance.now();
    findTokens(text, all);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe("isLiteralValue", () => {
  it.each(["changeme", "p4ss", "$money", "a b", "10 apples"])("takes %j for written out", (text) => {
    expect(isLiteralValue(text)).toBe(true);
  });

  it.each([
    "",
    "$(PASSWORD)",
    "x$".concat("{PASSWORD}"),
    "{{ .Values.x }}",
    "<password>",
    "/run/secrets/x",
    "[a]",
    "{a}",
    "True",
    "null",
    "30s",
    "1.5",
  ])("does not take %j for written out", (text) => {
    expect(isLiteralValue(text)).toBe(false);
  });
});
