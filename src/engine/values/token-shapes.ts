import { RE2JS } from "re2js";
import { isLiteralValue } from "./literal-value.ts";
import { holdsMark } from "./marks.ts";

/** Whose tokens are known by their shape. */
export const tokenProviders = [
  "anthropic",
  "aws",
  "azure-storage",
  "bitbucket",
  "datadog",
  "digitalocean",
  "dockerhub",
  "gcp",
  "github",
  "gitlab",
  "google-oauth",
  "heroku",
  "jwt",
  "launchdarkly",
  "newrelic",
  "npm",
  "okta",
  "openai",
  "private-key",
  "pypi",
  "sendgrid",
  "slack",
  "stripe",
  "sumologic",
  "terraform",
  "twilio",
  "url-credentials",
  "vault",
] as const;

export type TokenProvider = (typeof tokenProviders)[number];

interface Shape {
  /** Of these four characters the shape cannot match without, in either case: nearly all strings are done with by this alone. */
  readonly marks: readonly string[];
  /** What the shape cannot match without, in either case, more closely. Expressions of which none can take more than linear time. */
  readonly anchors: readonly string[];
  /** RE2. Group 1 is the token, group 2 (where given) the part of it that is random. */
  readonly pattern: string;
  /** What group 2 has to be, beyond its shape. */
  accepts?(random: string): boolean;
}

/** A token of a fixed shape; it must not touch another word character. */
function token(marks: readonly string[], anchors: readonly string[], pattern: string): Shape {
  return { marks, anchors, pattern: `(?:^|\\W)(${pattern})(?:\\W|$)` };
}

/** A token that only the word before it gives away: `OKTA_TOKEN: "…"`. */
function keyword(words: readonly string[], body: string): Shape {
  const before = `(?is)(?:${words.join("|")}).{0,25}?(?:\\|\\|:|:=|=>|<=|=|:|>)['"\`\\s=]{0,5}`;
  return {
    marks: words.map((word) => word.slice(-4)),
    anchors: words,
    pattern: `${before}((?:${body}))(?:$|['"\`\\s;])`,
  };
}

/** Starts that are shorter than a mark, with each character that may come behind them. */
function followed(starts: readonly string[], by = "abcdefghijklmnopqrstuvwxyz0123456789_-/"): readonly string[] {
  return starts.flatMap((start) => Array.from(by, (one) => start + one));
}

const hexDigits = "0123456789abcdef";

const shapes: Readonly<Record<TokenProvider, readonly Shape[]>> = {
  anthropic: [token(["sk-a"], ["sk-ant-"], "(?i:sk-ant-)([\\w-]{80,})")],
  aws: [
    token(
      [...followed(["a3t"]), "akia", "asia", "agpa", "aida", "aroa", "aipa", "anpa", "anva"],
      ["a3t", "akia", "asia", "agpa", "aida", "aroa", "aipa", "anpa", "anva"],
      "(?:A3T[A-Z0-9]|AKIA|ASIA|AGPA|AIDA|AROA|AIPA|ANPA|ANVA)([A-Z0-9]{16})",
    ),
  ],
  "azure-storage": [
    { marks: ["ntke"], anchors: ["accountkey="], pattern: "(?:^|\\W)((?i:AccountKey)=([A-Za-z0-9+/]{86})==)" },
  ],
  bitbucket: [keyword(["bitbucket"], "[a-z0-9]{32}")],
  datadog: [keyword(["datadog"], "[a-z0-9]{40}")],
  digitalocean: [token(["_v1_"], ["do[opr]_v1_"], "(?i:do[opr]_v1_)([A-Fa-f0-9]{64})")],
  dockerhub: [token(["dckr"], ["dckr_pat_"], "(?i:dckr_pat_)([\\w-]{27})")],
  gcp: [token(["aiza"], ["aiza"], "AIza([\\w\\-\\\\\\[\\]^]{35})")],
  github: [
    token(["ghp_", "gho_", "ghu_", "ghs_", "ghr_"], ["gh[pousr]_"], "(?i:gh[pousr]_)([A-Za-z0-9]{36,})"),
    token(["hub_"], ["github_pat_"], "(?i:github_pat_)(\\w{22,})"),
  ],
  gitlab: [
    token(
      ["glpa", "glpt", "gldt", "glrt", "glcb", "glso"],
      ["gl(?:pat|ptt|dt|rt|cbt|soat)-"],
      "(?i:gl(?:pat|ptt|dt|rt|cbt|soat)-)([\\w-]{20,})",
    ),
  ],
  "google-oauth": [token(["gocs"], ["gocspx-"], "GOCSPX-([\\w-]{28})")],
  heroku: [keyword(["heroku"], "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")],
  jwt: [token(followed([".ey"]), ["ey[\\w-]{17}"], "(?i:ey)[\\w-]{17,}\\.(?i:ey)[\\w/-]{17,}\\.[\\w/-]{10,}={0,2}")],
  launchdarkly: [keyword(["launchdarkly"], "[\\w=-]{40}")],
  newrelic: [
    token(["nrak"], ["nrak-"], "NRAK-([A-Za-z0-9]{27})"),
    token(["nrjs"], ["nrjs-"], "NRJS-([A-Fa-f0-9]{19})"),
    token(["nrii"], ["nrii-"], "NRII-([\\w-]{32})"),
    keyword(["new-relic", "newrelic", "new_relic"], "[a-z0-9]{64}"),
  ],
  npm: [token(["npm_"], ["npm_"], "(?i:npm_)([A-Za-z0-9]{36})")],
  okta: [keyword(["okta"], "[\\w=-]{42}")],
  openai: [token(["t3bl"], ["t3blbkfj"], "(?i:sk-)[\\w-]*T3BlbkFJ([\\w-]{20,})")],
  "private-key": [token(["te k"], ["private key"], "-----BEGIN(?: [A-Z0-9]+)* PRIVATE KEY")],
  pypi: [token(["pi-a"], ["pypi-age"], "(?i:pypi)-AgE([\\w-]{50,})")],
  sendgrid: [token(followed(["sg."]), ["sg\\."], "SG\\.([\\w-]{22}\\.[\\w-]{43})")],
  slack: [
    token(followed(["xox"], "abeoprs"), ["xox"], "(?i:xox[abeoprs]-)([\\w-]{10,})"),
    token(["ck.c"], ["hooks\\.slack\\.com"], "(?i:hooks\\.slack\\.com/services/)T\\w+/B\\w+/(\\w{20,})"),
  ],
  stripe: [token(["k_li", "k_te"], ["k_(?:live|test)_"], "(?i:[sr]k_(?:live|test)_)([A-Za-z0-9]{10,99})")],
  sumologic: [keyword(["sumo"], "[a-z0-9]{14}|[a-z0-9]{64}")],
  terraform: [token(["lasv"], ["\\.atlasv1\\."], "(?i:[a-z0-9]{14}\\.atlasv1\\.)([\\w\\-=]{60,70})")],
  twilio: [token(followed(followed(["sk"], hexDigits), hexDigits), ["sk[0-9a-f]{32}"], "SK([0-9A-Fa-f]{32})")],
  "url-credentials": [
    {
      // The sign between password and host does as well.
      marks: [],
      anchors: ["://[^/\\s]*@"],
      pattern: "(?i)(?:^|\\W)([a-z][a-z0-9+.-]*://[^/\\s:@]+:([^/\\s@]{3,})@)",
      accepts: isLiteralValue,
    },
  ],
  vault: [token(["hvs.", "hvb.", "hvr."], ["hv[sbr]\\."], "(?i:hv[sbr]\\.)([\\w-]{24,})")],
};

const compiled = tokenProviders.map((provider) => ({
  provider,
  shapes: shapes[provider].map((shape) => ({
    ...shape,
    expression: RE2JS.compile(shape.pattern),
    hint: new RegExp(shape.anchors.join("|"), "i"),
  })),
}));

const anyHint = new RegExp(
  [...new Set(Object.values(shapes).flatMap((list) => list.flatMap(({ anchors }) => anchors)))].join("|"),
  "i",
);

/** No text is shorter that holds a token: `a://b:pwd@`, and those of the other shapes are longer. */
export const shortestToken = 10;

/**
 * Whether a text, or a name and a value put together from texts, can hold a token at all: none can where this says no of all of them.
 * Says yes of few that hold none.
 */
export const mayHoldToken = holdsMark(
  Object.values(shapes).flatMap((list) => list.flatMap(({ marks }) => marks)),
  "@",
);

/** Whose tokens the text holds, in alphabetical order. Takes time linear in the text; nothing of a token is returned. */
export function findTokens(text: string, providers: ReadonlySet<TokenProvider>): readonly TokenProvider[] {
  if (!mayHoldToken(text) || !anyHint.test(text)) return none;
  return compiled
    .filter(({ provider }) => providers.has(provider))
    .filter(({ shapes: list }) => list.some((shape) => shape.hint.test(text) && holds(text, shape)))
    .map(({ provider }) => provider);
}

const none: readonly never[] = [];

function holds(text: string, shape: Shape & { readonly expression: RE2JS }): boolean {
  const matcher = shape.expression.matcher(text);
  let found = matcher.find();
  while (found) {
    const whole = matcher.group(1) ?? "";
    const random = (matcher.groupCount() > 1 ? matcher.group(2) : undefined) ?? whole;
    if (!isMadeUp(whole, random) && (shape.accepts?.(random) ?? true)) return true;
    // What follows the token may belong to the next one.
    found = matcher.find(matcher.end(1));
  }
  return false;
}

/** Documentation writes EXAMPLE or one character over and over. */
function isMadeUp(whole: string, random: string): boolean {
  return whole.includes("EXAMPLE") || /^(.?)\1*$/s.test(random.replace(/[-_.=]/g, ""));
}
