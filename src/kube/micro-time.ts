/** `2026-11-21T07:25:00.123000Z`: exactly six digits, or Leases and Events are refused. */
export function microTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace("Z", "000Z");
}
