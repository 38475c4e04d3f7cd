/**
 * Text from an annotation as it may stand in a report, a metric and a message: on one line, without characters that cannot be seen, of
 * bounded length. Undefined if nothing is left.
 */
export function shortText(text: string, maxLength: number): string | undefined {
  const line = isPlain(text) ? text : text.replace(/[\p{C}\p{Z}]+/gu, " ").trim();
  if (line.length <= maxLength) return line === "" ? undefined : line;
  // Half of a surrogate pair is no text.
  return `${line.slice(0, maxLength - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

/** Visible ASCII without a blank, as nearly all texts are: the expression need not look at it. */
function isPlain(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code <= 0x20 || code > 0x7e) return false;
  }
  return true;
}
