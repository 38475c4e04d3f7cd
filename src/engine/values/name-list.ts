/** Names for a message, sorted; of many the first three and how many more there are. */
export function nameList(names: Iterable<string>): string {
  const sorted = [...names].sort();
  const shown = sorted.slice(0, 3).join(", ");
  return sorted.length > 3 ? `${shown} and ${sorted.length - 3} more` : shown;
}
