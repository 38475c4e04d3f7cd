import { Buffer } from "node:buffer";
import { inspect } from "node:util";

/** The key for certificates of own authorities; they are public, and are not redacted. */
export const authoritiesKey = "ca.crt";

/**
 * What a Secret holds, by its keys. Never prints: neither as text nor as JSON nor inspected does a value come out, and what
 * a server answered is shown only after `redact`.
 */
export class Credentials {
  readonly #values: ReadonlyMap<string, string>;
  readonly #traces: readonly (readonly [trace: string, key: string])[];

  /** A line break at the end of a value is dropped: editors and `echo` leave one in Secrets. */
  constructor(values: Iterable<readonly [key: string, value: string]>) {
    this.#values = new Map([...values].map(([key, value]) => [key, value.replace(/\r?\n$/, "")]));
    this.#traces = tracesOf(this.#values);
  }

  /** Names of the keys that have a value, sorted. */
  get keys(): readonly string[] {
    return [...this.#values].flatMap(([key, value]) => (value === "" ? [] : [key])).sort();
  }

  /** The value, if there is one that is not empty. */
  get(key: string): string | undefined {
    const value = this.#values.get(key);
    return value === "" ? undefined : value;
  }

  /** Foreign text in which every value, and what common encodings make of it, is replaced by its key. */
  redact(text: string): string {
    return this.#traces.reduce((rest, [trace, key]) => rest.replaceAll(trace, `[${key}]`), text);
  }

  toString(): string {
    return `[credentials: ${this.keys.join(", ")}]`;
  }

  toJSON(): string {
    return this.toString();
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

/** Parts of an address shorter than this are words such as `services`, which give nothing away. */
const SHORTEST_SECRET_PART = 8;

/** Every form in which a server may repeat a value, the longest first, so that none is replaced in part. */
function tracesOf(values: ReadonlyMap<string, string>): (readonly [string, string])[] {
  const secret = [...values].filter(([key]) => key !== authoritiesKey);
  const traces = secret.flatMap(([key, value]) => formsOf(value).map((form) => [form, key] as const));
  const user = values.get("username");
  const password = values.get("password");
  if (user !== undefined && password !== undefined) traces.push([base64(`\0${user}\0${password}`), "password"]);
  return traces.filter(([trace]) => trace !== "").sort(([a], [b]) => b.length - a.length || (a < b ? -1 : 1));
}

function formsOf(value: string): string[] {
  const forms = [value, base64(value), encodeURIComponent(value), JSON.stringify(value).slice(1, -1)];
  if (!URL.canParse(value)) return forms;
  const { href, pathname, search, password } = new URL(value);
  const parts = [pathname, search, password, ...pathname.split("/"), ...search.split(/[?&=]/)];
  return [...forms, href, ...parts.filter((part) => part.length >= SHORTEST_SECRET_PART)];
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
