import { type TransitionsDocument, type TransitionsNotice, transitionsVersion } from "./transitions.ts";

/** An immediate message with the version of its shape. */
export function transitionsDocument(notice: TransitionsNotice): TransitionsDocument {
  return { version: transitionsVersion, ...notice };
}

/** The same as text: indented, with a newline at the end. */
export function renderTransitionsJson(notice: TransitionsNotice): string {
  return `${JSON.stringify(transitionsDocument(notice), null, 2)}\n`;
}
