import type { Block, Line, Page, Section, Table } from "./page.ts";

const columns = 78;

/** A page as plain text: complete, and 78 columns wide unless a single word is wider. Ends in a newline. */
export function pageText({ title, subtitle, remarks, sections, footer }: Page): string {
  const head = [...wrapped(title), "=".repeat(Math.min(columns, width(title))), ...wrapped(subtitle)];
  const parts = [
    head,
    ...(remarks.length === 0 ? [] : [remarks.flatMap((line) => wrapped(textOf(line)))]),
    ...sections.map(sectionLines),
    footer.flatMap((line) => wrapped(textOf(line), "", "  ")),
  ];
  return `${parts.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function sectionLines({ heading, blocks }: Section): string[] {
  return [...wrapped(heading), "-".repeat(Math.min(columns, width(heading))), ...blocks.flatMap(blockLines)];
}

function blockLines(block: Block): string[] {
  if (block.kind === "paragraph") return wrapped(textOf(block.line));
  if (block.kind === "table") return tableLines(block);
  return block.items.flatMap(([first = [], ...others]) => [
    ...wrapped(textOf(first), "- ", "  "),
    ...others.flatMap((line) => wrapped(textOf(line), "  ", "    ")),
  ]);
}

/** The rows below their headings, in columns; numbers at the right. */
export function tableLines({ columns: heads, rows }: Table): string[] {
  const cells = [heads.map(({ heading }) => heading), ...rows.map((row) => row.map(textOf))];
  const widths = heads.map((_, column) => Math.max(...cells.map((row) => width(row[column] ?? ""))));
  return cells.map((row) =>
    widths
      .map((wide, column) => {
        const cell = row[column] ?? "";
        const blanks = " ".repeat(Math.max(0, wide - width(cell)));
        return heads[column]?.numeric === true ? blanks + cell : cell + blanks;
      })
      .join("  ")
      .trimEnd(),
  );
}

export function textOf(line: Line): string {
  return line.map(({ text }) => text).join("");
}

function wrapped(text: string, first = "", next = first): string[] {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of text.split(" ")) {
    if (!isEmpty && width(line) + 1 + width(word) > columns) {
      lines.push(line);
      line = next;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line].map((one) => one.trimEnd());
}

/** In characters; wide scripts take more than they are counted for. */
function width(text: string): number {
  return Array.from(text).length;
}
