import { remembering } from "../interning.ts";

/**
 * The one path grammar of baselines, reports and fixtures: `containers[name=app].resources.limits.memory`. Fields are joined by dots;
 * a list element is addressed by its merge keys, `ports[containerPort=80,protocol=TCP]`; a key of a mapping that is no
 * plain word stands quoted in brackets, `metadata.labels["app.kubernetes.io/name"]`. Values that hold one of `]="`, a
 * comma, a blank or a control character are quoted as in JSON, so every path is one line and reads back exactly.
 */
export type Path = string;

/** What a path is built from: a field name, or the merge keys of an element of the list named before. */
export type Step = string | MergeKeys;
export type MergeKeys = Readonly<Record<string, string | number>>;

/** What a path is read into. Merge keys keep the order in which they are written; all values are text. */
export type Segment =
  | { readonly sort: "field"; readonly name: string }
  | { readonly sort: "element"; readonly keys: readonly (readonly [key: string, value: string])[] };

/** `path("containers", {name: "app"}, "image")` → `containers[name=app].image`. */
export function path(...steps: readonly Step[]): Path {
  return below("", ...steps);
}

/** The path of something inside `base`. */
export function below(base: Path, ...steps: readonly Step[]): Path {
  let text = base;
  for (const step of steps) text += typeof step === "string" ? formatField(step, text === "") : formatMergeKeys(step);
  return text;
}

export function formatPath(segments: readonly Segment[]): Path {
  return segments.map((segment, index) => formatSegment(segment, index === 0)).join("");
}

/** Reads a path back; undefined where the text is none. `formatPath(parsePath(p))` is `p` for every path built here. */
export function parsePath(text: Path): readonly Segment[] | undefined {
  const segments: Segment[] = [];
  let rest = text;
  while (rest !== "") {
    const read = readSegment(rest, segments.length === 0);
    if (read === undefined) return undefined;
    segments.push(read.segment);
    rest = rest.slice(read.length);
  }
  return segments;
}

/** Sorts paths segment by segment, so that what is inside a place follows it at once; by code unit, not by locale. */
export function comparePaths(a: Path, b: Path): number {
  const left = parsePath(a)?.map((segment) => formatSegment(segment, true)) ?? [a];
  const right = parsePath(b)?.map((segment) => formatSegment(segment, true)) ?? [b];
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const [one = "", other = ""] = [left[at], right[at]];
    if (one !== other) return one < other ? -1 : 1;
  }
  return left.length - right.length;
}

/** The innermost list element that a path addresses, undefined where it addresses none. */
export function lastElement(text: Path): Path | undefined {
  const segments = parsePath(text) ?? [];
  const at = segments.findLastIndex(({ sort }) => sort === "element");
  return at < 0 ? undefined : formatPath(segments.slice(0, at + 1));
}

/**
 * The element that `old` addresses where `other` addresses a sibling of it, if that is the only difference: the paths
 * are equal but for the value of one merge key. Undefined where they are equal or differ in more.
 */
export function differsInOneMergeKey(old: Path, other: Path): Path | undefined {
  const [left, right] = [parsePath(old), parsePath(other)];
  if (left === undefined || right === undefined || left.length !== right.length) return undefined;
  let changed: number | undefined;
  for (const [at, segment] of left.entries()) {
    const differences = differentKeys(segment, right[at]);
    if (differences === 0) continue;
    if (differences !== 1 || changed !== undefined) return undefined;
    changed = at;
  }
  return changed === undefined ? undefined : formatPath(left.slice(0, changed + 1));
}

/** How many merge keys differ in value; 2 stands for "not comparable". */
function differentKeys(a: Segment, b: Segment | undefined): number {
  if (b === undefined) return 2;
  if (a.sort === "field") return b.sort === "field" && a.name === b.name ? 0 : 2;
  if (b.sort === "field" || a.keys.length !== b.keys.length) return 2;
  let differences = 0;
  for (const [at, [key, value]] of a.keys.entries()) {
    const other = b.keys[at];
    if (other === undefined || other[0] !== key) return 2;
    if (other[1] !== value) differences++;
  }
  return differences;
}

const plainField = /^[\w$-]+$/;
const plainValue = /^[^\s\]="[,\p{Cc}]+$/u;

function formatSegment(segment: Segment, first: boolean): string {
  return segment.sort === "element" ? formatKeys(segment.keys) : formatField(segment.name, first);
}

/** What a field adds to a path: `.limits`, `["b.c/d"]`. One that begins a path has no dot. */
export function formatField(name: string, first: boolean): string {
  return first ? firstField(name) : laterField(name);
}

/** Most paths are made of the same few names. */
const maxRemembered = 10_000;
const firstField = remembering((name) => (plainField.test(name) ? name : `[${quote(name)}]`), maxRemembered);
const laterField = remembering((name) => (plainField.test(name) ? `.${name}` : `[${quote(name)}]`), maxRemembered);

function formatKeys(keys: readonly (readonly [key: string, value: string | number])[]): string {
  return `[${keys.map(([key, value]) => `${key}=${formatValue(String(value))}`).join(",")}]`;
}

/** As `formatKeys`, of what most paths hold and nobody wants a list of. */
function formatMergeKeys(keys: MergeKeys): string {
  let text = "[";
  for (const key of Object.keys(keys)) text += `${text === "[" ? "" : ","}${key}=${formatValue(String(keys[key]))}`;
  return `${text}]`;
}

/** The value of a merge key, as it stands behind the `=`. */
export function formatValue(value: string): string {
  return isPlain(value) ? value : quote(value);
}

/** As `plainValue`, which is only asked about what is not ASCII: this is run on every list element there is. */
function isPlain(value: string): boolean {
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at);
    if (code > 0x7e) return plainValue.test(value);
    if (notPlain[code] === 1) return false;
  }
  return value !== "";
}

const notPlain = Uint8Array.from({ length: 0x7f }, (_, code) => (plainValue.test(String.fromCharCode(code)) ? 0 : 1));

/** JSON leaves a few line separators and other controls as they are; a path has to stay one line. */
function quote(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

const quoted = String.raw`"(?:[^"\\\p{Cc}]|\\.)*"`;
const fieldAt = /^\.?([\w$-]+)/;
const quotedFieldAt = new RegExp(`^\\[(${quoted})\\]`, "u");
const elementAt = new RegExp(
  `^\\[([\\w$-]+=(?:${quoted}|[^\\s\\]="[,\\p{Cc}]+)(?:,[\\w$-]+=(?:${quoted}|[^\\s\\]="[,\\p{Cc}]+))*)\\]`,
  "u",
);
const keyValue = new RegExp(`([\\w$-]+)=(${quoted}|[^\\s\\]="[,\\p{Cc}]+)`, "gu");

function readSegment(text: string, first: boolean): { readonly segment: Segment; readonly length: number } | undefined {
  const field = fieldAt.exec(text);
  if (field?.[1] !== undefined && first !== text.startsWith("."))
    return { segment: { sort: "field", name: field[1] }, length: field[0].length };
  const key = quotedFieldAt.exec(text);
  if (key?.[1] !== undefined) {
    const name = unquote(key[1]);
    return name === undefined ? undefined : { segment: { sort: "field", name }, length: key[0].length };
  }
  const element = elementAt.exec(text);
  if (element?.[1] === undefined) return undefined;
  const keys: (readonly [string, string])[] = [];
  for (const [, name = "", raw = ""] of element[1].matchAll(keyValue)) {
    const value = raw.startsWith('"') ? unquote(raw) : raw;
    if (value === undefined) return undefined;
    keys.push([name, value]);
  }
  return { segment: { sort: "element", keys }, length: element[0].length };
}

function unquote(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}
