import { visible } from "./visible.ts";

/**
 * What a message says and in which order, without what it looks like: made once from a digest or a notice, laid out by each format.
 * Texts hold nothing invisible and are of bounded length; each format makes them harmless in its own way.
 */
export interface Page {
  readonly title: string;
  readonly subtitle: string;
  /** What a reader must know before anything else: a repeat, a late digest. */
  readonly remarks: readonly Line[];
  readonly sections: readonly Section[];
  readonly footer: readonly Line[];
}

export interface Section {
  readonly heading: string;
  readonly blocks: readonly Block[];
  /** Where a picture of the trend goes, in formats that have one. */
  readonly picture?: "trend";
}

export type Block = Paragraph | List | Table;

export interface Paragraph {
  readonly kind: "paragraph";
  readonly line: Line;
}

export interface List {
  readonly kind: "list";
  /** Each with a line of its own for what comes first, and more of them below. */
  readonly items: readonly (readonly Line[])[];
}

export interface Table {
  readonly kind: "table";
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Line[])[];
}

export interface Column {
  readonly heading: string;
  /** Numbers stand at the right. */
  readonly numeric?: true;
}

export type Line = readonly Span[];

/**
 * `plain`: our own words. `name`: what somebody in the cluster chose, such as an owner or a resource. `words`: text that a policy or a
 * machine gives. `strong`: our own words that stand out. `chart`: a line of bars, one character each. `command`: to be typed.
 */
export interface Span {
  readonly text: string;
  readonly as: "plain" | "name" | "words" | "strong" | "chart" | "command";
}

/** Our own words; a blank alone stands between two names, and is not one that consists of blanks. */
export function plain(text: string): Span {
  return { text: text === " " ? text : visible(text), as: "plain" };
}

/** Longest name that is shown whole: Kubernetes allows 253 characters, paths may be longer. */
const maxLength = 300;

export function name(text: string): Span {
  return { text: visible(printed(text), maxLength), as: "name" };
}

export function words(text: string): Span {
  return { text: visible(printed(text), maxLength), as: "words" };
}

/** Blanks alone would look like nothing, and a line of them would end a list. */
function printed(text: string): string {
  return text.trim() === "" ? text.replaceAll(" ", "[U+0020]") : text;
}

export function strong(text: string): Span {
  return { text: visible(text), as: "strong" };
}

export function chart(text: string): Span {
  return { text, as: "chart" };
}

export function command(text: string): Span {
  return { text: visible(text, maxLength), as: "command" };
}

export function paragraph(...line: Line): Paragraph {
  return { kind: "paragraph", line };
}

export function list(items: readonly (readonly Line[])[]): readonly List[] {
  return items.length === 0 ? [] : [{ kind: "list", items }];
}

export function table(columns: readonly Column[], rows: readonly (readonly Line[])[]): readonly Table[] {
  return rows.length === 0 ? [] : [{ kind: "table", columns, rows }];
}

/** Names with commas between them: the first few, then how many more there are. */
export function names(all: readonly string[], shown = all.length, total = all.length): Line {
  const spans = all.slice(0, shown).flatMap((one, index) => (index === 0 ? [name(one)] : [plain(", "), name(one)]));
  const left = total - Math.min(shown, all.length);
  return left > 0 ? [...spans, plain(` and ${left} more`)] : spans;
}
