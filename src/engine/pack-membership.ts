import { compareReleases, newestRelease, parseRelease, type Release } from "./release.ts";

/** Parameters as a pack or a policy writes them, before the rule's schema has read them. */
export type RawParams = Readonly<Record<string, unknown>>;

/**
 * The packs a rule is in, with the parameters that each brings along (`{}` = the rule's defaults). In a pack that follows
 * a Kubernetes release, a list instead says in which releases: `[{ to: "1.21" }, { from: "1.22", params: {…} }]`.
 */
export type PackMembership = Readonly<Record<string, RawParams | readonly PackSpan[]>>;

/** A range of releases in which a rule belongs to a pack; both ends included. */
export interface PackSpan {
  readonly from?: `1.${number}`;
  readonly to?: `1.${number}`;
  readonly params?: RawParams;
}

/** The parameters that a pack brings in a release; undefined where the rule does not belong to it then. */
export function packParams(membership: PackMembership[string] | undefined, release: Release): RawParams | undefined {
  if (!isSpans(membership)) return membership;
  const span = membership.find((one) => holds(one, release));
  return span && (span.params ?? {});
}

/** The releases in which a rule belongs to a pack; empty where it always does. */
export function spansOf(membership: PackMembership[string]): readonly PackSpan[] {
  return isSpans(membership) ? membership : [];
}

/** What is wrong with how a rule names a pack, to be read after the name of the pack. */
export function membershipMistakes(
  membership: PackMembership[string],
  followsRelease: boolean,
  takes: (params: RawParams) => boolean,
): readonly string[] {
  if (!isSpans(membership)) return takes(membership) ? [] : ["brings parameters that the rule does not take"];
  if (!followsRelease) return ["follows no release, so the rule cannot belong to it in some of them only"];
  if (membership.length === 0) return ["is named without a release in which the rule belongs to it"];
  return membership.flatMap(({ from = "1.0", to = newestRelease, params = {} }) => [
    ...(before(from, to) ? [] : ["names releases that are none, or end before they begin"]),
    ...(takes(params) ? [] : ["brings parameters that the rule does not take"]),
  ]);
}

function isSpans(membership: PackMembership[string] | undefined): membership is readonly PackSpan[] {
  return Array.isArray(membership);
}

function holds({ from = "1.0", to }: PackSpan, release: Release): boolean {
  return before(from, release) && (to === undefined || before(release, to));
}

/** Whether `a` is `b` or older. */
function before(a: string | Release, b: string | Release): boolean {
  const [left, right] = [a, b].map((one) => (typeof one === "string" ? parseRelease(one) : one));
  return left !== undefined && right !== undefined && compareReleases(left, right) <= 0;
}
