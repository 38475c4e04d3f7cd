/**
 * Text from an object on one line and of bounded length, for value classes and messages: control characters and line
 * separators are escaped, what is too long is cut and ends in an ellipsis.
 */
export function printable(text: string, maxLength = 320): string {
  const line = text.replace(/[\p{Cc}\u2028\u2029]/gu, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return line.length <= maxLength ? line : `${line.slice(0, maxLength - 1)}…`;
}
