import { printable } from "./printable.ts";

const shown = 3;

/** `a, b, c and 4 more`: names for a message, sorted, on one line. */
export function namesInShort(names: Iterable<string>): string {
  const sorted = [...new Set(names)].sort();
  const text = printable(sorted.slice(0, shown).join(", "));
  return sorted.length > shown ? `${text} and ${sorted.length - shown} more` : text;
}
