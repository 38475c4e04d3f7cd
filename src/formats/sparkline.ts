const bars = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"] as const;

/** One bar for each number, from 0 to the largest: what halves looks half as high. */
export function sparkline(values: readonly number[]): string {
  const most = Math.max(0, ...values);
  return values
    .map((value) => bars[most === 0 ? 0 : Math.round((value / most) * (bars.length - 1))] ?? bars[0])
    .join("");
}
