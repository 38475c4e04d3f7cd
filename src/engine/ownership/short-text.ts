/**
 * Text from an annotation as it may stand in a report, a metric and a message: on one line, without characters that cannot be seen, of
 * bounded length. Undefined if nothing is left.
 */
export function shortText(text: string, maxLength: number): string | undefined {
  const line = text.replace(/[\p{C}\p{Z}]+/gu, " ").trim();
  if (line.length <= maxLength) return line === "" ? undefined : line;
  // Half of a surrogate pair is no text.
  return `${line.slice(0, maxLength - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
