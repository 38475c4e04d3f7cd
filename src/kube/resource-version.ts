const DECIMAL = /^(?:0|[1-9]\d*)$/;

/**
 * Order of two resourceVersions of one type: negative, 0 or positive; undefined where they cannot be compared.
 * Kubernetes promises an order from 1.35 on, and only for decimal numbers; anything else is opaque.
 */
export function compareVersions(a: string, b: string): number | undefined {
  if (a === b) return 0;
  if (!DECIMAL.test(a) || !DECIMAL.test(b)) return undefined;
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : 1;
}
