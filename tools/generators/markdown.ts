/** A table in Markdown; cells must not hold line breaks. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Text set as code; must not hold backquotes. */
export function code(text: string): string {
  return `\`${text}\``;
}

/** Text set as it is written: what Markdown would take for emphasis or for a tag is escaped. */
export function plain(text: string): string {
  return text.replace(/[*<]/g, "\\$&");
}
