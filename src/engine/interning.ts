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
