import { describe, expect, it } from "vitest";
import { isLiteralValue } from "../../../src/engine/values/literal-value.ts";
import {
  findTokens,
  mayHoldToken,
  shortestToken,
  type TokenProvider,
  tokenProviders,
} from "../../../src/engine/values/token-shapes.ts";

const all = new Set(tokenProviders);

/** Random-looking letters and digits: what looks like a live credential stands in no file. */
function random(length: number): string {
  return "aZ3kP9qX7mB1".repeat(Math.ceil(length / 12)).slice(0, length);
}

function randomHex(length: number): string {
  return "7e1b94d0c6f2".repeat(Math.ceil(length / 12)).slice(0, length);
}

/** The shortest token of each shape: without its last character it is none. */
const shortest: readonly (readonly [TokenProvider, string])[] = [
  ["anthropic", `sk-ant-${random(80)}`],
  ...["A3TX", "AKIA", "ASIA", "AGPA", "AIDA", "AROA", "AIPA", "ANPA", "ANVA"].map(
    (start) => ["aws", start + random(16).toUpperCase()] as const,
  ),
  ["azure-storage", `AccountKey=${random(86)}==`],
  ["bitbucket", `bitbucket_key: ${random(32)}`],
  ["datadog", `DATADOG_API_KEY=${random(40)}`],
  ...["dop", "doo", "dor"].map((start) => ["digitalocean", `${start}_v1_${randomHex(64)}`] as const),
  ["dockerhub", `dckr_pat_${random(27)}`],
  ["gcp", `AIza${random(35)}`],
  ...["ghp", "gho", "ghu", "ghs", "ghr"].map((start) => ["github", `${start}_${random(36)}`] as const),
  ["github", `github_pat_${random(22)}`],
  ...["pat", "ptt", "dt", "rt", "cbt", "soat"].map((sort) => ["gitlab", `gl${sort}-${random(20)}`] as const),
  ["google-oauth", `GOCSPX-${random(28)}`],
  ["heroku", `HEROKU_API_KEY=${[8, 4, 4, 4, 12].map(randomHex).join("-")}`],
  ["jwt", `eyJ${random(16)}.eyJ${random(16)}.${random(10)}`],
  ["launchdarkly", `launchdarkly = ${random(40)}`],
  ["newrelic", `NRAK-${random(27)}`],
  ["newrelic", `NRJS-${randomHex(19)}`],
  ["newrelic", `NRII-${random(32)}`],
  ...["new-relic", "newrelic", "new_relic"].map((word) => ["newrelic", `${word}=${random(64)}`] as const),
  ["npm", `npm_${random(36)}`],
  ["okta", `okta=${random(42)}`],
  ["openai", `sk-T3BlbkFJ${random(20)}`],
  ["private-key", `${"-".repeat(5)}BEGIN PRIVATE KEY`],
  ["private-key", `${"-".repeat(5)}BEGIN RSA PRIVATE KEY`],
  ["pypi", `pypi-AgE${random(50)}`],
  ["sendgrid", `SG.${random(22)}.${random(43)}`],
  ...Array.from("abeoprs", (sort) => ["slack", `xox${sort}-${random(10)}`] as const),
  ["slack", `hooks.slack.com/services/T0/B0/${random(20)}`],
  ...["sk_live", "sk_test", "rk_live", "rk_test"].map((start) => ["stripe", `${start}_${random(10)}`] as const),
  ["sumologic", `sumo=${random(14)}`],
  ["sumologic", `sumo=${random(64)}`],
  ["terraform", `${random(14)}.atlasv1.${random(60)}`],
  ["twilio", `SK${randomHex(32)}`],
  ["url-credentials", `https://shop:${random(3)}@`],
  ...["hvs", "hvb", "hvr"].map((start) => ["vault", `${start}.${random(24)}`] as const),
];

const github = `ghp_${random(36)}`;
const stripe = `sk_live_${random(24)}`;

describe("findTokens", () => {
  it("finds no token that is shorter than the shortest", () => {
    const url = `a://b:${random(3)}@`;
    expect([findTokens(url, all), url.length]).toEqual([["url-credentials"], shortestToken]);
    expect(shortest.filter(([, token]) => token.length <= shortestToken)).toEqual([]);
  });

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

  it.each(shortest)("knows the shapes of %s: %s", (provider, text) => {
    expect([text, `"${text}`].map(mayHoldToken)).toEqual([true, true]);
    expect(findTokens(text, all)).toEqual([provider]);
    expect(findTokens(text.slice(0, -1), all)).toEqual([]);
  });

  it("knows a shape of each provider", () => {
    expect([...new Set(shortest.map(([provider]) => provider))]).toEqual(tokenProviders);
  });

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
  it.each(["changeme", "p4ss", "$money", "a b", "10 apples", "a[b"])("takes %j for written out", (text) => {
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
    "1.25s",
  ])("does not take %j for written out", (text) => {
    expect(isLiteralValue(text)).toBe(false);
  });
});
