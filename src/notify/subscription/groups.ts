import { parseDuration } from "../../api/duration.ts";
import type { ReportSubscriptionSpec } from "../../api/report-subscription.ts";
import type { Instant } from "../../engine/ledger/instant.ts";
import { unowned } from "../../engine/ownership/ownership.ts";
import { hash64 } from "../../engine/values/hash.ts";
import type { Happening } from "./happening.ts";
import { channelOf, fallbackChannel } from "./routing.ts";
import type { Group, SubscriptionState } from "./state.ts";

/** What one immediate message would be about. */
export interface OpenGroup {
  /** Hash of channel and group. */
  readonly key: string;
  readonly channel: string;
  readonly group: Group;
  /** In the order of their time; never empty. */
  readonly happenings: readonly Happening[];
  /** When it is to be told: `wait` after the first of them, and `interval` after the last message about the same. */
  readonly due: Instant;
}

export const hourMs = 3_600_000;

/** Puts what is open into groups, in the order in which they are due. */
export function openGroups(
  open: readonly Happening[],
  spec: ReportSubscriptionSpec,
  { sent }: Pick<SubscriptionState, "sent">,
  now: Instant,
): readonly OpenGroup[] {
  const { groupBy = "OwnerAndRule", wait = "60s", interval = "5m" } = spec.immediate ?? {};
  const waitMs = parseDuration(wait) ?? 0;
  const intervalMs = parseDuration(interval) ?? 0;
  const placed = open.map((happening) => ({ happening, ...placeOf(happening, spec, groupBy) }));
  return [...Map.groupBy(placed, ({ key }) => key).values()]
    .flatMap((members) => {
      const first = members[0];
      if (first === undefined) return [];
      const { key, channel, group } = first;
      const happenings = members.map(({ happening }) => happening);
      // What lies in the future was found before the clock was set back.
      const begun = Math.min(first.happening.at, now);
      const last = Math.max(...sent.filter((one) => one.group === key).map(({ at }) => at));
      return [{ key, channel, group, happenings, due: Math.max(begun + waitMs, last + intervalMs) }];
    })
    .sort((a, b) => a.due - b.due || (a.key < b.key ? -1 : 1));
}

function placeOf(
  happening: Happening,
  spec: ReportSubscriptionSpec,
  groupBy: "OwnerAndRule" | "Rule",
): { readonly key: string; readonly channel: string; readonly group: Group } {
  const { rule, policy } = happening;
  const isAdoption = happening.kind === "adoption";
  const channel = isAdoption ? fallbackChannel(spec) : channelOf(spec, happening.owner);
  const owner = isAdoption || groupBy === "Rule" ? undefined : (happening.owner ?? unowned);
  const group = { rule, ...(owner === undefined ? {} : { owner }), ...(isAdoption ? { policy } : {}) };
  return { key: hash64(JSON.stringify([channel, rule, owner ?? "", isAdoption ? policy : ""])), channel, group };
}
