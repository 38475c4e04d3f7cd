/** Which violation of a resource: what its key is made of. */
export interface Spot {
  readonly rule: string;
  readonly path: string;
  readonly class: string | undefined;
}

export function spotOf(place: {
  readonly rule: string;
  readonly path: string;
  readonly class?: string | undefined;
}): Spot {
  return { rule: place.rule, path: place.path, class: place.class };
}

/** The fields of a place as they are stored: without a class where there is none. */
export function placeOf(spot: Spot, count: number) {
  return {
    rule: spot.rule,
    path: spot.path,
    ...(spot.class === undefined ? {} : { class: spot.class }),
    count,
  };
}
