import type { ReportSubscriptionSpec } from "../../api/report-subscription.ts";
import { unowned } from "../../engine/ownership/ownership.ts";
import { type ReportFilter, selects } from "../digest/filter.ts";

/** Where what nobody owns, and what concerns everybody, goes. Empty where the sink has only one channel. */
export function fallbackChannel({ sink }: ReportSubscriptionSpec): string {
  return sink.slack?.channel ?? "";
}

/** Where messages about what a team owns go. */
export function channelOf(spec: ReportSubscriptionSpec, owner: string | undefined): string {
  const route = spec.sink.slack?.routes?.find((one) => one.owner === (owner ?? unowned));
  return route?.channel ?? fallbackChannel(spec);
}

/** Every channel that the spec names, the fallback first. */
export function channelsOf(spec: ReportSubscriptionSpec): readonly string[] {
  return [...new Set([fallbackChannel(spec), ...(spec.sink.slack?.routes ?? []).map(({ channel }) => channel)])];
}

/**
 * What of a subscription's selection one channel is told: what its teams own; the fallback what no other channel has. Undefined if the
 * filter leaves nothing for it.
 */
export function filterFor(spec: ReportSubscriptionSpec, channel: string): ReportFilter | undefined {
  const routes = spec.sink.slack?.routes ?? [];
  const { owners, ...rest } = spec.filter;
  if (channel === fallbackChannel(spec)) {
    const elsewhere = routes.filter((route) => route.channel !== channel).map(({ owner }) => owner);
    if (elsewhere.length === 0) return spec.filter;
    return { ...rest, owners: { ...owners, exclude: [...(owners?.exclude ?? []), ...elsewhere].sort() } };
  }
  const own = routes.filter((route) => route.channel === channel).map(({ owner }) => owner);
  const selected = own.filter((owner) => selects(owners === undefined ? {} : { owners }, { ...anything, owner }));
  return selected.length === 0 ? undefined : { ...rest, owners: { include: selected.sort() } };
}

const anything = { severity: "Critical", state: "New" } as const;
