/** Deeper than any real object: keeps hostile nesting from exhausting the stack. What lies below is left out. */
const maxDepth = 256;

/** JSON with sorted keys and without undefined: the same value gives the same text, whatever order its keys came in. */
export function stableJson(value: unknown): string {
  return write(value, 0);
}

function write(value: unknown, depth: number): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  if (depth >= maxDepth) return '"…"';
  if (Array.isArray(value)) return `[${value.map((element) => write(element, depth + 1)).join(",")}]`;
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, field]) => `${JSON.stringify(key)}:${write(field, depth + 1)}`).join(",")}}`;
}
