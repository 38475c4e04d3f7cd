/** Which violation of a resource: what its key is made of. Entries, rows, transitions and violations say it. */
export interface Spot {
  readonly rule: string;
  readonly path: string;
  readonly class?: string | undefined;
}

export function isSameSpot(a: Spot, b: Spot): boolean {
  return a.path === b.path && a.rule === b.rule && a.class === b.class;
}

/** The fields of a place as they are stored: without a class where there is none. */
export function placeOf(spot: Spot, count: number) {
  const { rule, path, class: valueClass } = spot;
  return valueClass === undefined ? { rule, path, count } : { rule, path, class: valueClass, count };
}
