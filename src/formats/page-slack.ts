import type { Block, Line, Page, Section, Span } from "./page.ts";
import { tableLines } from "./page-text.ts";

/**
 * A message for Slack in Block Kit. Names stand in text elements of rich text and in plain text, neither of which is searched for markup
 * or mentions; `text` is what notifications show, and is escaped.
 */
export interface SlackMessage {
  readonly text: string;
  readonly mrkdwn: false;
  readonly blocks: readonly SlackBlock[];
}

export type SlackBlock =
  | {
      readonly type: "header";
      readonly text: { readonly type: "plain_text"; readonly text: string; readonly emoji: false };
    }
  | { readonly type: "rich_text"; readonly elements: readonly RichElement[] };

type RichElement =
  | { readonly type: "rich_text_section"; readonly elements: readonly TextElement[] }
  | { readonly type: "rich_text_preformatted"; readonly elements: readonly TextElement[] }
  | { readonly type: "rich_text_list"; readonly style: "bullet"; readonly elements: readonly RichSection[] };

interface RichSection {
  readonly type: "rich_text_section";
  readonly elements: readonly TextElement[];
}

interface TextElement {
  readonly type: "text";
  readonly text: string;
  readonly style?: { readonly bold?: true; readonly code?: true; readonly italic?: true };
}

const maxHeader = 150;
/** Slack takes 50 blocks. */
const maxBlocks = 45;
/** Slack takes 3,000 characters a section; what is said of what was cut must fit, too. */
const maxSection = 2_800;
/** Slack takes somewhat more than 13,000 characters a message, whatever its blocks allow. */
const maxMessage = 12_000;

/** A page in Slack's blocks, within Slack's limits: what does not fit is counted. */
export function pageSlack({ title, subtitle, remarks, sections, footer }: Page): SlackMessage {
  const head = rich([section([italic(subtitle)]), ...remarks.map((line) => section(elementsOf(line)))]);
  const tail = rich(footer.map((line) => section(elementsOf(line))));
  const shown: SlackBlock[] = [];
  const reserve = 200;
  let room = maxMessage - reserve - cut(title, maxHeader).length - title.length - size(head) - size(tail);
  for (const one of sections) {
    const block = sectionBlock(one, Math.min(maxSection, room));
    if (block === undefined || shown.length === maxBlocks - 4) break;
    shown.push(block);
    room -= size(block);
  }
  const left = sections.length - shown.length;
  return {
    text: escaped(title),
    mrkdwn: false,
    blocks: [
      { type: "header", text: { type: "plain_text", text: cut(title, maxHeader), emoji: false } },
      head,
      ...shown,
      ...(left === 0 ? [] : [rich([section([text(`${left} more parts do not fit into a message.`)])])]),
      ...(footer.length === 0 ? [] : [tail]),
    ],
  };
}

/** Undefined where there is not even room for its heading. */
function sectionBlock({ heading, blocks }: Section, room: number): SlackBlock | undefined {
  const title = section([{ type: "text", text: heading, style: { bold: true } }]);
  const reserve = 60;
  let left = room - heading.length - reserve;
  if (left < 0) return undefined;
  const units = blocks.flatMap(unitsOf);
  const full = units.findIndex((unit) => {
    left -= lengthOf(unit);
    return left < 0;
  });
  const shown = full < 0 ? units : units.slice(0, full);
  const more = units.length - shown.length;
  return rich([
    title,
    ...joined(shown),
    ...(more === 0 ? [] : [section([italic(`And ${more} more that ${more === 1 ? "does" : "do"} not fit.`)])]),
  ]);
}

/** What is shown or left out as a whole. */
type Unit = RichElement;

function unitsOf(block: Block): Unit[] {
  if (block.kind === "paragraph") return [section(elementsOf(block.line))];
  if (block.kind === "table")
    return [{ type: "rich_text_preformatted", elements: [text(tableLines(block).join("\n"))] }];
  return block.items.map((lines) => ({
    type: "rich_text_list",
    style: "bullet",
    elements: [section(lines.flatMap((line, index) => [...(index === 0 ? [] : [text("\n")]), ...elementsOf(line)]))],
  }));
}

/** Items that follow each other are one list. */
function joined(units: readonly Unit[]): RichElement[] {
  const all: RichElement[] = [];
  for (const unit of units) {
    const last = all.at(-1);
    if (unit.type === "rich_text_list" && last?.type === "rich_text_list")
      all.splice(-1, 1, { ...last, elements: [...last.elements, ...unit.elements] });
    else all.push(unit);
  }
  return all;
}

function rich(elements: readonly RichElement[]): SlackBlock {
  return { type: "rich_text", elements };
}

/** Each on a line of its own. */
function section(elements: readonly TextElement[]): RichSection {
  return { type: "rich_text_section", elements };
}

function elementsOf(line: Line): TextElement[] {
  return line.filter((span) => span.text !== "").map(elementOf);
}

function elementOf({ text: words, as }: Span): TextElement {
  if (as === "plain" || as === "words") return text(words);
  return { type: "text", text: words, style: as === "strong" ? { bold: true } : { code: true } };
}

function text(words: string): TextElement {
  return { type: "text", text: words };
}

function italic(words: string): TextElement {
  return { type: "text", text: words, style: { italic: true } };
}

function size(block: SlackBlock): number {
  return block.type === "header" ? block.text.text.length : block.elements.reduce((sum, one) => sum + lengthOf(one), 0);
}

function lengthOf(element: RichElement): number {
  return element.elements.reduce((sum, one) => sum + (one.type === "text" ? one.text.length : lengthOf(one)), 1);
}

function cut(words: string, length: number): string {
  return words.length <= length ? words : `${words.slice(0, length - 1).toWellFormed()}…`;
}

/** As Slack asks for in `text`; with it, no mention and no link can begin. */
function escaped(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
