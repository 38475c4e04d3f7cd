import type { Block, Line, Page, Section, Span } from "./page.ts";

/** A page as GitHub-flavoured markdown. Names are code, so that nothing in them is a link, a mention or an emphasis. Ends in a newline. */
export function pageMarkdown({ title, subtitle, remarks, sections, footer }: Page): string {
  const parts = [
    `# ${escaped(title)}`,
    escaped(subtitle),
    ...remarks.map((line) => `> ${markdownOf(line)}`),
    ...sections.flatMap(sectionParts),
    ...(footer.length === 0 ? [] : ["---", footer.map((line) => markdownOf(line)).join("\\\n")]),
  ];
  return `${parts.join("\n\n")}\n`;
}

function sectionParts({ heading, blocks }: Section): string[] {
  return [`## ${escaped(heading)}`, ...blocks.map(blockMarkdown)];
}

function blockMarkdown(block: Block): string {
  if (block.kind === "paragraph") return markdownOf(block.line);
  if (block.kind === "list")
    return block.items.map((lines) => `- ${lines.map((line) => markdownOf(line)).join("\\\n  ")}`).join("\n");
  const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    row(block.columns.map(({ heading }) => escaped(heading))),
    row(block.columns.map(({ numeric }) => (numeric === true ? "--:" : "---"))),
    ...block.rows.map((cells) => row(cells.map((cell) => markdownOf(cell, true)))),
  ].join("\n");
}

function markdownOf(line: Line, inTable = false): string {
  return line.map((span) => spanMarkdown(span, inTable)).join("");
}

function spanMarkdown({ text, as }: Span, inTable: boolean): string {
  if (text === "") return "";
  if (as === "plain" || as === "words") return escaped(text);
  if (as === "strong") return strongText(text);
  return codeSpan(text, inTable);
}

/** Blanks at the ends stay outside of the asterisks, which would not count otherwise. */
function strongText(text: string): string {
  const inner = text.trim();
  return inner === "" ? text : text.replace(inner, () => `**${escaped(inner)}**`);
}

/** A fence of more backticks than stand together inside. In a table a bar ends the cell even in code. */
function codeSpan(text: string, inTable: boolean): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const blank = /^[` ]|[` ]$/.test(text) ? " " : "";
  const inner = inTable ? text.replaceAll("|", "\\|") : text;
  return `${fence}${blank}${inner}${blank}${fence}`;
}

/** What could be taken for markup, a link or a mention. `(`, `!` and `-` mean nothing without what is escaped or stands at a line's begin. */
function escaped(text: string): string {
  return text
    .replace(/&/g, "&amp;")
    .replace(/[\\`*_[\]#|~$^]/g, (character) => `\\${character}`)
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/@/g, "&#64;")
    .replace(/:\/\//g, "&#58;//")
    .replace(/\bwww\./gi, (match) => `${match.slice(0, -1)}&#46;`)
    .replace(/^ *(?:[-+=]|\d+[.)](?=\s|$))/, (match) => `${match.slice(0, -1)}\\${match.slice(-1)}`);
}
