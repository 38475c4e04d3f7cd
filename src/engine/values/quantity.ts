/**
 * Kubernetes quantities as exact decimals: `1Gi` = `1024Mi`, `0.1` = `100m` = `1e-1`. A quantity is
 * `digits × 10^exponent` in whole numbers, so nothing is ever rounded.
 */
export interface Quantity {
  /** As written, for messages: `500m`. */
  readonly text: string;
  readonly digits: bigint;
  /** Power of ten; at most 18 and, for what the API accepts, at least -9. */
  readonly exponent: number;
}

const decimalSuffixes: ReadonlyMap<string, number> = new Map([
  ["n", -9],
  ["u", -6],
  ["m", -3],
  ["k", 3],
  ["M", 6],
  ["G", 9],
  ["T", 12],
  ["P", 15],
  ["E", 18],
]);

const binarySuffixes: ReadonlyMap<string, bigint> = new Map([
  ["Ki", 1n << 10n],
  ["Mi", 1n << 20n],
  ["Gi", 1n << 30n],
  ["Ti", 1n << 40n],
  ["Pi", 1n << 50n],
  ["Ei", 1n << 60n],
]);

const grammar = /^([+-]?)(\d+\.?\d*|\.\d+)(?:([eE][+-]?\d+)|([KMGTPE]i|[numkMGTPE]?))$/;

/** No sensible amount is longer; the bound keeps hostile input from becoming giant numbers. */
const maxLength = 64;
const maxExponent = 400;

/** The same few amounts stand in all containers of a cluster, and many rules ask each. */
const known = new Map<string, Quantity | undefined>();
const maxKnown = 10_000;

/** Undefined for anything the API server would refuse to parse. A YAML number counts as its text. */
export function parseQuantity(value: unknown): Quantity | undefined {
  const text = typeof value === "number" ? String(value) : value;
  if (typeof text !== "string" || text.length > maxLength) return undefined;
  const parsed = known.get(text);
  if (parsed !== undefined || known.has(text)) return parsed;
  if (known.size >= maxKnown) known.clear();
  const quantity = parseText(text);
  known.set(text, quantity);
  return quantity;
}

function parseText(text: string): Quantity | undefined {
  const match = grammar.exec(text);
  if (match === null) return undefined;
  const [, sign = "", number = "", power, suffix = ""] = match;
  const [whole = "", fraction = ""] = number.split(".");
  const unsigned = BigInt(whole + fraction);
  const digits = sign === "-" ? -unsigned : unsigned;
  const binary = binarySuffixes.get(suffix);
  if (binary !== undefined) return { text, digits: digits * binary, exponent: -fraction.length };
  const shift = power === undefined ? (decimalSuffixes.get(suffix) ?? 0) : Number(power.slice(1));
  if (Math.abs(shift) > maxExponent) return undefined;
  return { text, digits, exponent: shift - fraction.length };
}

/** Negative, zero or positive as `a` is smaller than, equal to or larger than `b`. */
export function compareQuantities(a: Omit<Quantity, "text">, b: Omit<Quantity, "text">): number {
  if (a.exponent === b.exponent) return order(a.digits, b.digits);
  const exponent = Math.min(a.exponent, b.exponent);
  const left = a.digits * 10n ** BigInt(a.exponent - exponent);
  const right = b.digits * 10n ** BigInt(b.exponent - exponent);
  return order(left, right);
}

function order(left: bigint, right: bigint): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

export function isPositive(quantity: Quantity): boolean {
  return quantity.digits > 0n;
}

/** The exact product: of a quantity and a number, for instance. */
export function multiplyQuantities(a: Quantity, b: Quantity): Omit<Quantity, "text"> {
  return { digits: a.digits * b.digits, exponent: a.exponent + b.exponent };
}
