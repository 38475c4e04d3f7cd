/** What tests read from Markdown: code blocks, code in sentences, links and headings. */

export interface CodeBlock {
  /** Empty where none is given. */
  readonly language: string;
  /** Without the fences; ends with a line break. */
  readonly text: string;
  /** Number of the line of the opening fence, from 1. */
  readonly line: number;
}

const fence = /^```([a-z]*)\n(.*?)^```$/gms;

/** Fenced blocks in their order. */
export function codeBlocks(page: string): readonly CodeBlock[] {
  return [...page.matchAll(fence)].map(({ index, 1: language = "", 2: text = "" }) => ({
    language,
    text,
    line: page.slice(0, index).split("\n").length,
  }));
}

/** Code within sentences, without its backquotes. */
export function codeSpans(page: string): readonly string[] {
  return [...prose(page).matchAll(/`([^`]+)`/g)].map(({ 1: text = "" }) => text);
}

/** All code of a page, in sentences or in blocks. */
export function codeOf(page: string): readonly string[] {
  return [...codeSpans(page), ...codeBlocks(page).map(({ text }) => text)];
}

/** Targets of links: `[text](target)`. */
export function links(page: string): readonly string[] {
  return [...prose(page).matchAll(/\]\(([^)\s]+)\)/g)].map(({ 1: target = "" }) => target);
}

/** What a link may name after `#`, as GitHub derives it from headings. */
export function anchors(page: string): ReadonlySet<string> {
  return new Set(
    [...prose(page).matchAll(/^#+ (.+)$/gm)].map(({ 1: heading = "" }) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-"),
    ),
  );
}

function prose(page: string): string {
  return page.replaceAll(fence, "");
}
