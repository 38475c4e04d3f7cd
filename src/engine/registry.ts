import { suggestion } from "./nearest.ts";
import { membershipMistakes, packParams, type RawParams } from "./pack-membership.ts";
import { followsRelease, isPackName, type PackName, packDescriptions, packNames } from "./packs.ts";
import { compareReleases, formatRelease, newestRelease, parseRelease, type Release } from "./release.ts";
import type { Rule } from "./rule.ts";
import { fieldsOf } from "./schema-fields.ts";

interface Pack {
  readonly name: PackName;
  readonly description: string;
  /** Parameters by rule id, in the newest release; sorted by id. */
  readonly rules: ReadonlyMap<string, RawParams>;
}

/** All rules there are. A value: built once from a list, never changed. */
export interface Registry {
  /** By id, sorted. */
  readonly rules: ReadonlyMap<string, Rule>;
  /** Every known pack, in the order of the table; a pack holds those of its rules that exist. */
  readonly packs: ReadonlyMap<PackName, Pack>;
}

/** A mistake in the rules themselves, all of them in one message. It never depends on a policy or a cluster. */
export class InvalidRulesError extends Error {
  override readonly name = "InvalidRulesError";
}

/** @throws InvalidRulesError for a double id, an unknown pack, or pack parameters that the rule does not take */
export function createRegistry(rules: Iterable<Rule>): Registry {
  const sorted = [...rules].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const mistakes = sorted.flatMap((rule, index) => mistakesIn(rule, sorted[index - 1]));
  if (mistakes.length > 0) throw new InvalidRulesError(mistakes.join("; "));
  const packs = packNames.map((name): [PackName, Pack] => {
    const members = packRules(sorted, name, newestRelease);
    return [name, { name, description: packDescriptions[name], rules: members }];
  });
  return { rules: new Map(sorted.map((rule) => [rule.id, rule])), packs: new Map(packs) };
}

function mistakesIn(rule: Rule, before: Rule | undefined): string[] {
  const mistakes: string[] = [];
  if (rule.id === before?.id) mistakes.push(`two rules have the id ${rule.id}`);
  const takes = (params: RawParams) => rule.params.safeParse(params).success;
  for (const [pack, membership] of Object.entries(rule.packs)) {
    if (!isPackName(pack)) mistakes.push(`${rule.id}: no pack is called ${pack}${suggestion(pack, packNames)}`);
    else
      for (const mistake of membershipMistakes(membership, followsRelease(pack), takes))
        mistakes.push(`${rule.id}: ${pack} ${mistake}`);
  }
  return mistakes;
}

function packRules(rules: readonly Rule[], pack: PackName, release: Release): ReadonlyMap<string, RawParams> {
  const members = new Map<string, RawParams>();
  for (const rule of rules) {
    const params = packParams(rule.packs[pack], release);
    if (params !== undefined) members.set(rule.id, params);
  }
  return members;
}

export type FoundPack =
  | { readonly ok: true; readonly rules: ReadonlyMap<string, RawParams> }
  | { readonly ok: false; readonly reason: "UnknownPack" | "InvalidSpec"; readonly message: string };

/**
 * The rules that `pss-baseline` or `pss-baseline@1.29` stands for.
 * @param release the cluster's; a pinned one takes its place and is handed to the rules that take a `release`
 */
export function findPack(registry: Registry, spelling: string, release: Release): FoundPack {
  const [name = "", pin, ...more] = spelling.split("@");
  if (!isPackName(name)) {
    const message = `no pack is called ${JSON.stringify(name)}${suggestion(name, packNames)}`;
    return { ok: false, reason: "UnknownPack", message };
  }
  const rules = [...registry.rules.values()];
  if (pin === undefined) return { ok: true, rules: packRules(rules, name, release) };
  if (!followsRelease(name)) {
    const pinnable = packNames.filter(followsRelease).join(" and ");
    return { ok: false, reason: "InvalidSpec", message: `${name} follows no release: only ${pinnable} can be pinned` };
  }
  const pinned = more.length === 0 ? parseRelease(pin) : undefined;
  if (pinned === undefined || pinned.major !== 1 || compareReleases(pinned, newestRelease) > 0) {
    const known = `1.0 to ${formatRelease(newestRelease)}`;
    return { ok: false, reason: "InvalidSpec", message: `${JSON.stringify(pin)} is not a release from ${known}` };
  }
  const members = [...packRules(rules, name, pinned)].map(([id, params]): [string, RawParams] => {
    const takesRelease = fieldsOf(registry.rules.get(id)?.params)?.has("release") ?? false;
    return [id, takesRelease ? { ...params, release: formatRelease(pinned) } : params];
  });
  return { ok: true, rules: new Map(members) };
}
