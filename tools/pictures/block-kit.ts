import type { SlackBlock, SlackMessage } from "../../src/formats/page-slack.ts";

/**
 * A message of Block Kit as a page, for pictures in the documentation. It is our own drawing of what Slack shows, of the blocks that
 * Pawl uses: letters, spaces and colours are near Slack's, not Slack's.
 */
export function blockKitPage(message: SlackMessage, channel: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><style>${styles}</style></head><body>
<header># ${escaped(channel)}</header>
<article><div class="icon">P</div><div class="message">
<p class="sender"><b>Pawl</b> <span class="app">APP</span> <time>9:00 AM</time></p>
${message.blocks.map(blockHtml).join("\n")}
</div></article>
</body></html>
`;
}

type RichText = Extract<SlackBlock, { readonly type: "rich_text" }>;
type RichElement = RichText["elements"][number];
type Leaf = Exclude<RichElement["elements"][number], { readonly type: "rich_text_section" }>;

function blockHtml(block: SlackBlock): string {
  if (block.type === "header") return `<h3>${escaped(block.text.text)}</h3>`;
  return `<div class="rich">${block.elements.map(elementHtml).join("")}</div>`;
}

function elementHtml(element: RichElement): string {
  switch (element.type) {
    case "rich_text_section":
      return `<p>${element.elements.map(leafHtml).join("")}</p>`;
    case "rich_text_preformatted":
      return `<pre>${element.elements.map(leafHtml).join("")}</pre>`;
    case "rich_text_list":
      return `<ul>${element.elements.map((item) => `<li>${item.elements.map(leafHtml).join("")}</li>`).join("")}</ul>`;
  }
}

function leafHtml({ text, style }: Leaf): string {
  const words = escaped(text).replaceAll("\n", "<br>");
  if (style?.code === true) return `<code>${words}</code>`;
  if (style?.bold === true) return `<b>${words}</b>`;
  return style?.italic === true ? `<i>${words}</i>` : words;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

const styles = `
:root { color-scheme: light dark; --page: #fff; --text: #1d1c1d; --faint: #616061; --line: #ddd; --code: #c01343; --box: #f6f6f6; }
@media (prefers-color-scheme: dark) { :root { --page: #1a1d21; --text: #d1d2d3; --faint: #ababad; --line: #35383c; --code: #e8912d; --box: #222529; } }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.46 Lato, "Segoe UI", "DejaVu Sans", sans-serif; }
header { padding: 12px 20px; border-bottom: 1px solid var(--line); font-weight: 900; }
article { display: flex; gap: 10px; padding: 14px 20px 20px; }
.icon { flex: none; width: 36px; height: 36px; border-radius: 6px; background: #1f5fbf; color: #fff; font-weight: 900; line-height: 36px; text-align: center; }
.message { min-width: 0; overflow-wrap: anywhere; }
p { margin: 0; }
.sender { margin-bottom: 4px; }
.app, time { color: var(--faint); font-size: 12px; }
.app { padding: 0 3px; border-radius: 2px; background: var(--box); font-size: 10px; font-weight: 700; }
h3 { margin: 4px 0 8px; font-size: 18px; line-height: 1.33; }
.rich { margin: 0 0 8px; }
ul { margin: 0; padding-left: 24px; }
code { padding: 1px 3px; border: 1px solid var(--line); border-radius: 3px; background: var(--box); color: var(--code); font: 12px ui-monospace, Menlo, "DejaVu Sans Mono", monospace; }
pre { margin: 4px 0; padding: 8px; border: 1px solid var(--line); border-radius: 4px; background: var(--box); font: 12px/1.5 ui-monospace, Menlo, "DejaVu Sans Mono", monospace; white-space: pre-wrap; }
`;
