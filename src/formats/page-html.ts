import type { Block, Line, Page, Section, Span } from "./page.ts";

/** An image of the mail itself: `cid` is its Content-ID without brackets. */
export interface TrendImage {
  readonly cid: string;
  readonly alt: string;
  readonly caption: string;
}

/** Gmail cuts mails off near 102 KB. */
const maxBytes = 96_000;

/** A page as HTML for mails: tables, inline styles, no scripts, nothing loaded from elsewhere, dark where the reader's screen is. */
export function pageHtml(page: Page, trendImage?: TrendImage): string {
  const { title, subtitle, remarks, sections, footer } = page;
  const head = [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="supported-color-schemes" content="light dark">',
    `<title>${escaped(title)}</title>`,
    `<style>${narrowStyles}${darkStyles}</style>`,
    "</head>",
    `<body class="page" style="margin:0;padding:0;${colours.page}">`,
    `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" class="page" style="${colours.page}"><tr><td align="center" style="padding:16px 8px">`,
    `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" class="card" style="max-width:680px;${colours.card}${font}">`,
    row(
      `<h1 style="margin:0;font-size:20px;line-height:1.3;${anywhere}">${escaped(title)}</h1>${small(escaped(subtitle))}`,
    ),
    ...remarks.map((line) =>
      row(`<p class="remark" style="margin:0;padding:8px 12px;${colours.remark}">${htmlOf(line)}</p>`),
    ),
  ];
  const tail = [
    row(
      `<div class="rule" style="${colours.rule}padding-top:12px">${footer.map((line) => small(htmlOf(line))).join("")}</div>`,
    ),
    "</table>",
    "</td></tr></table>",
    "</body>",
    "</html>",
  ];
  const rendered = sections.map((section) => row(sectionHtml(section, trendImage)));
  return `${[...head, ...fitting(rendered, maxBytes - bytes([...head, ...tail])), ...tail].join("\n")}\n`;
}

/** As many as there is room for, and how many were left out. */
function fitting(sections: readonly string[], room: number): readonly string[] {
  const reserve = 300;
  let used = 0;
  const fits = sections.findIndex((section) => {
    used += bytes([section]);
    return used > room - reserve;
  });
  if (fits < 0) return sections;
  const left = sections.length - fits;
  return [
    ...sections.slice(0, fits),
    row(small(`${left} of ${sections.length} parts were left out: there is too much in them for a mail.`)),
  ];
}

function bytes(lines: readonly string[]): number {
  return new TextEncoder().encode(lines.join("\n")).length + 1;
}

function row(content: string): string {
  return `<tr><td style="padding:8px 16px">${content}</td></tr>`;
}

function sectionHtml({ heading, blocks, picture }: Section, trendImage: TrendImage | undefined): string {
  const image =
    picture === "trend" && trendImage !== undefined
      ? `<img src="cid:${escaped(trendImage.cid)}" alt="${escaped(trendImage.alt)}" width="648" style="display:block;width:100%;max-width:648px;height:auto;border:0;margin:4px 0">${small(escaped(trendImage.caption))}`
      : "";
  return `<h2 style="margin:8px 0 4px;font-size:16px;line-height:1.3">${escaped(heading)}</h2>${image}${blocks.map(blockHtml).join("\n")}`;
}

function blockHtml(block: Block): string {
  if (block.kind === "paragraph") return `<p style="margin:4px 0;${anywhere}">${htmlOf(block.line)}</p>`;
  if (block.kind === "list") {
    const items = block.items.map(
      ([first = [], ...others]) =>
        `<li style="margin:6px 0;${anywhere}">${htmlOf(first)}${others.map((line) => `<br>${htmlOf(line)}`).join("")}</li>`,
    );
    return `<ul style="margin:4px 0;padding-left:20px">\n${items.join("\n")}\n</ul>`;
  }
  const { columns, rows } = block;
  const align = (column: number) => (columns[column]?.numeric === true ? "right" : "left");
  const heads = columns.map(
    ({ heading }, column) =>
      `<th class="rule" align="${align(column)}" style="padding:4px 8px 4px 0;font-weight:600;${anywhere}${colours.line}">${escaped(heading)}</th>`,
  );
  const lines = rows.map(
    (cells) =>
      `<tr>${cells.map((cell, column) => `<td align="${align(column)}" valign="top" style="padding:4px 8px 4px 0;${anywhere}">${htmlOf(cell)}</td>`).join("")}</tr>`,
  );
  return `<table class="table" width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:4px 0;font-size:13px;line-height:1.4">\n<tr>${heads.join("")}</tr>\n${lines.join("\n")}\n</table>`;
}

function small(html: string): string {
  return `<p class="faint" style="margin:4px 0 0;font-size:13px;line-height:1.4;${colours.faint}${anywhere}">${html}</p>`;
}

function htmlOf(line: Line): string {
  return line.map(spanHtml).join("");
}

function spanHtml({ text, as }: Span): string {
  if (as === "plain" || as === "words") return escaped(text);
  if (as === "strong") return `<strong>${escaped(text)}</strong>`;
  if (as === "chart")
    return `<span class="chart" style="font-family:${mono};font-size:11px;letter-spacing:-1px;${colours.chart}">${escaped(text)}</span>`;
  return `<code class="code" style="font-family:${mono};font-size:13px;${colours.code}">${escaped(text)}</code>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}

const mono = "ui-monospace,SFMono-Regular,Menlo,Consolas,monospace";
const font =
  "font-family:-apple-system,BlinkMacSystemFont,Segoe UI,Roboto,Helvetica,Arial,sans-serif;font-size:14px;line-height:1.5;";
/** Long names must not widen a narrow screen. */
const anywhere = "overflow-wrap:anywhere;word-break:break-word;";

const colours = {
  page: "background-color:#f2f4f7;",
  card: "background-color:#ffffff;color:#1c2430;",
  remark: "background-color:#fff4d6;color:#4a3500;",
  rule: "border-top:1px solid #d5dae1;",
  line: "border-bottom:1px solid #d5dae1;",
  faint: "color:#566172;",
  chart: "color:#1f5fbf;",
  code: "color:#1c2430;",
} as const;

/** On a narrow screen the bars would be broken into several lines; the numbers beside them say the same. */
const narrowStyles = "@media (max-width:480px){.chart{display:none!important}.table{font-size:11px!important}}";

/** Clients that know dark screens let a style sheet win over inline styles; the others stay light. */
const darkStyles = [
  ":root{color-scheme:light dark;supported-color-schemes:light dark}",
  "@media (prefers-color-scheme:dark){",
  ".page{background-color:#12161c!important}",
  ".card{background-color:#1b2129!important;color:#e4e8ee!important}",
  ".remark{background-color:#3d3113!important;color:#ffe9b0!important}",
  ".rule{border-color:#3a4350!important}",
  ".faint{color:#a3aebd!important}",
  ".chart{color:#8ab8ff!important}",
  ".code{color:#e4e8ee!important}",
  "}",
].join("");
