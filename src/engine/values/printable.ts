/**
 * Text from an object on one line and of bounded length, for value classes and messages: control characters and line
 * separators are escaped, what is too long is cut and ends in an ellipsis.
 */
export function printable(text: string, maxLength = 320): string {
  const line = isPlain(text) ? text : text.replace(unprintable, escaped);
  return line.length <= maxLength ? line : `${line.slice(0, maxLength - 1)}…`;
}

const unprintable = /[\p{Cc}\u2028\u2029]/gu;

/** Printable ASCII, as nearly all texts are: the expression need not look at it. */
function isPlain(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code > 0x7e) return false;
  }
  return true;
}

function escaped(one: string): string {
  return `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
