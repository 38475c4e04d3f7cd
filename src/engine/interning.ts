/**
 * Values that stand for all their equals. Hundreds of thousands of small records name the same few kinds and namespaces;
 * each came with a copy of its own. Forgets everything when it is full, which costs copies and never an answer.
 */
export function interning<T>(keyOf: (value: T) => string, max: number): (value: T) => T {
  const known = new Map<string, T>();
  return (value) => {
    const key = keyOf(value);
    const found = known.get(key);
    if (found !== undefined) return found;
    if (known.size >= max) known.clear();
    known.set(key, value);
    return value;
  };
}

/** Names are shorter. The bound keeps hostile ones from taking the memory. */
const maxText = 320;

/**
 * A pure function of a text, asked for the same few texts again and again, that remembers what it gave. Forgets everything
 * when it is full, which costs time and never an answer; what is long is not kept.
 */
export function remembering<T>(of: (text: string) => T, max: number): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    if (text.length > maxText) return of(text);
    const found = known.get(text);
    if (found !== undefined) return found;
    if (known.size >= max) known.clear();
    const made = of(text);
    known.set(text, made);
    return made;
  };
}
