import {
  binaryTag,
  defineMappingTag,
  defineScalarTag,
  defineSequenceTag,
  mergeTag,
  NOT_RESOLVED,
  Schema,
  seqTag,
  strTag,
} from "js-yaml";

/**
 * YAML as Kubernetes reads it: sigs.k8s.io/yaml on the Go v2 parser, which is neither YAML 1.1 nor 1.2. `yes`, `on` and
 * `n` are booleans, `0777` is octal, `1e3` is a number, `12:30` and dates stay strings, tags of others are ignored.
 * Numbers become what JSON.parse makes of them, so that a manifest holds what the live object will.
 */
export function kubernetesSchema(): Schema {
  return new Schema([
    strTag,
    seqTag,
    mapping("tag:yaml.org,2002:map"),
    mergeTag,
    nullTag,
    booleanTag,
    numberTag("tag:yaml.org,2002:int", { implicit: true }),
    numberTag("tag:yaml.org,2002:float", { implicit: false }),
    text("tag:yaml.org,2002:timestamp"),
    binaryTextTag,
    ...otherTags,
  ]);
}

const neverDumped = () => false;

const nullTag = defineScalarTag<null>("tag:yaml.org,2002:null", {
  implicit: true,
  implicitFirstChars: ["", "~", "n", "N"],
  resolve: (source) => (["", "~", "null", "Null", "NULL"].includes(source) ? null : NOT_RESOLVED),
  identify: neverDumped,
});

const spellings = (...words: readonly string[]) =>
  words.flatMap((word) => {
    const capital = word.charAt(0).toUpperCase();
    return [word, `${capital}${word.slice(1)}`, word.toUpperCase()];
  });

const booleans: ReadonlyMap<string, boolean> = new Map([
  ...spellings("y", "yes", "true", "on").map((word) => [word, true] as const),
  ...spellings("n", "no", "false", "off").map((word) => [word, false] as const),
]);

const booleanTag = defineScalarTag<boolean>("tag:yaml.org,2002:bool", {
  implicit: true,
  implicitFirstChars: "yYnNtTfFoO".split(""),
  resolve: (source) => booleans.get(source) ?? NOT_RESOLVED,
  identify: neverDumped,
});

function numberTag(name: string, { implicit }: { readonly implicit: boolean }) {
  return defineScalarTag<number>(name, {
    implicit,
    implicitFirstChars: "+-.0123456789".split(""),
    resolve: (source) => numberOf(source) ?? NOT_RESOLVED,
    identify: neverDumped,
  });
}

const beyondNumbers: ReadonlyMap<string, number> = new Map([
  ...[".inf", ".Inf", ".INF"].map((word) => [word, Number.POSITIVE_INFINITY] as const),
  ...["+.inf", "+.Inf", "+.INF"].map((word) => [word, Number.POSITIVE_INFINITY] as const),
  ...["-.inf", "-.Inf", "-.INF"].map((word) => [word, Number.NEGATIVE_INFINITY] as const),
  ...[".nan", ".NaN", ".NAN"].map((word) => [word, Number.NaN] as const),
]);

const decimal = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
const based = /^([-+]?)0(?:([xX])([\da-fA-F]+)|([bB])([01]+)|[oO]?([0-7]+))$/;
const largest = { signed: 2n ** 63n, unsigned: 2n ** 64n };

/** Undefined for what is text. The infinities and what is no number are none of JSON: whoever reads them must refuse. */
function numberOf(source: string): number | undefined {
  const beyond = beyondNumbers.get(source);
  if (beyond !== undefined) return beyond;
  // Behind a leading point Go takes underscores between digits only.
  const plain = source.startsWith(".") ? source.replace(/(?<=\d)_(?=\d)/g, "") : source.replaceAll("_", "");
  return wholeNumber(plain) ?? decimalNumber(plain);
}

/** `0x1F`, `0b11`, `0o17` and `017`, as far as they fit into 64 bits. */
function wholeNumber(plain: string): number | undefined {
  const parts = based.exec(plain);
  if (parts === null) return undefined;
  const [, sign, hex, hexDigits, , bits, octal] = parts;
  const value = BigInt(hex !== undefined ? `0x${hexDigits}` : bits !== undefined ? `0b${bits}` : `0o${octal}`);
  const limit = sign === "" ? largest.unsigned : sign === "-" ? largest.signed + 1n : largest.signed;
  if (value >= limit) return undefined;
  return Number(sign === "-" ? -value : value);
}

function decimalNumber(plain: string): number | undefined {
  if (!decimal.test(plain)) return undefined;
  const value = Number(plain);
  if (!Number.isFinite(value)) return undefined;
  return value === 0 ? 0 : value;
}

function text(name: string, matchByTagPrefix = false) {
  return defineScalarTag<string>(name, { matchByTagPrefix, resolve: (source) => source, identify: neverDumped });
}

const binaryTextTag = defineScalarTag<string>("tag:yaml.org,2002:binary", {
  resolve: (source, isExplicit, tagName) => {
    const bytes = binaryTag.resolve(source, isExplicit, tagName);
    return bytes instanceof Uint8Array ? new TextDecoder().decode(bytes) : NOT_RESOLVED;
  },
  identify: neverDumped,
});

/** Keys become strings as in JSON; what JSON has no key for is refused. */
function mapping(name: string, matchByTagPrefix = false) {
  return defineMappingTag<Record<string, unknown>>(name, {
    matchByTagPrefix,
    create: () => ({}),
    addPair: (fields, key, value) => {
      if (key === null) return "null cannot be a key: quote it";
      if (!isPlain(key)) return "a list or mapping cannot be a key";
      // Not an assignment: `__proto__` is a key like any other.
      Object.defineProperty(fields, String(key), { value, enumerable: true, configurable: true, writable: true });
      return "";
    },
    has: (fields, key) => isPlain(key) && Object.hasOwn(fields, String(key)),
    keys: (fields) => Object.keys(fields),
    get: (fields, key) => (isPlain(key) ? fields[String(key)] : undefined),
    identify: neverDumped,
  });
}

function isPlain(key: unknown): key is string | number | boolean {
  return typeof key === "string" || typeof key === "number" || typeof key === "boolean";
}

/** Whatever else a tag may be, such as `!Ref`: it changes nothing. */
const otherTags = [
  text("", true),
  mapping("", true),
  defineSequenceTag<unknown[]>("", {
    matchByTagPrefix: true,
    create: () => [],
    addItem: (list, item) => {
      list.push(item);
    },
    identify: neverDumped,
  }),
];
