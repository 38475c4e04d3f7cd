import { type Instant, wholeSecond } from "../../engine/ledger/instant.ts";
import type { Happening } from "./happening.ts";
import type { Cursor } from "./state.ts";

/** So far the cursor stays behind the present: a change may be stored after younger ones of other reports. */
const lagMs = 10 * 60_000;

/** Even a change that appears later than that is new, while a process lives that saw it appear; but not if it is older than this. */
const latestMs = 3_600_000;

/** Ids that a cursor keeps; beyond that it comes closer to the present. */
const maxHandled = 1_000;

/** A cursor behind everything that there is now. */
export function cursorAt(now: Instant, happenings: readonly Happening[]): Cursor {
  const through = wholeSecond(now) - 1_000;
  return { through, handled: idsBy(happenings.filter(({ at }) => at > through)) };
}

/**
 * What the cursor has not handled, in the order of its time.
 * @param looked the last arrival that a persisted cursor knew of: what arrived later is new whatever its time says
 */
export function openOf(
  cursor: Cursor,
  happenings: readonly Happening[],
  { now, looked }: { readonly now: Instant; readonly looked: number },
): readonly Happening[] {
  return happenings
    .filter(({ id, at, arrival }) => {
      if (cursor.handled.get(at)?.has(id) === true) return false;
      return at > cursor.through || (arrival > looked && at > now - latestMs);
    })
    .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
}

export interface Advanced {
  readonly cursor: Cursor;
  /** Ids of what had to be passed over because the cursor was full. */
  readonly passedOver: ReadonlySet<string>;
}

/**
 * The cursor after a look.
 * @param done what was told or passed over in this look
 * @param open what is still to be told
 * @param happenings all that there is: what was not open and not beyond the cursor had been handled before
 */
export function advance(
  cursor: Cursor,
  done: readonly Happening[],
  open: readonly Happening[],
  happenings: readonly Happening[],
  now: Instant,
): Advanced {
  const oldest = Math.min(...open.map(({ at }) => at));
  // Set back with the clock: a cursor in the future would take what happens next for handled.
  const settled = Math.max(Math.min(cursor.through, wholeSecond(now)), wholeSecond(now - lagMs));
  const through = Math.min(settled, oldest - 1_000);
  const waiting = new Set(open.map(({ id }) => id));
  const finished = new Set(done.map(({ id }) => id));
  const known = happenings.filter(
    ({ id, at }) => at > through && !waiting.has(id) && (at <= cursor.through || finished.has(id)),
  );
  const kept = [...cursor.handled].filter(([at]) => at > through);
  const handled = idsBy([...kept.flatMap(([at, ids]) => [...ids].map((id) => ({ id, at }))), ...known]);
  return cut({ through, handled }, open);
}

/** Drops the oldest instants until few enough ids are left. */
function cut({ through, handled }: Cursor, open: readonly Happening[]): Advanced {
  const instants = [...handled].sort(([a], [b]) => b - a);
  let room = maxHandled;
  let reach = through;
  const left: [Instant, ReadonlySet<string>][] = [];
  for (const [at, ids] of instants) {
    room -= ids.size;
    if (room < 0) {
      reach = Math.max(reach, at);
      break;
    }
    left.push([at, ids]);
  }
  return {
    cursor: { through: reach, handled: new Map(left) },
    passedOver: new Set(open.filter(({ at }) => at <= reach).map(({ id }) => id)),
  };
}

function idsBy(
  happenings: readonly { readonly id: string; readonly at: Instant }[],
): ReadonlyMap<Instant, ReadonlySet<string>> {
  const groups = Map.groupBy(happenings, ({ at }) => at);
  return new Map([...groups].map(([at, list]) => [at, new Set(list.map(({ id }) => id))]));
}
