/**
 * Text from a cluster on one line, with everything that a reader cannot see, or that would turn text around, in
 * brackets: `[U+202E]`. What is longer than `maxLength` is cut and ends in an ellipsis.
 */
export function visible(text: string, maxLength = Number.POSITIVE_INFINITY): string {
  const shown = text.toWellFormed().replace(hidden, codePoint);
  const characters = shown.length <= maxLength ? [] : Array.from(shown);
  return characters.length <= maxLength ? shown : `${characters.slice(0, maxLength - 1).join("")}…`;
}

/**
 * Control, format (bidirectional, zero-width, tags), private and unassigned characters, separators other than the plain blank, what is
 * drawn as nothing, and the Braille blank.
 */
const hidden = /(?! )[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/gu;

function codePoint(character: string): string {
  return `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}]`;
}
