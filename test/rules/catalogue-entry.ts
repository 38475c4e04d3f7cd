import { packParams } from "../../src/engine/pack-membership.ts";
import { newestRelease } from "../../src/engine/release.ts";
import type { Rule } from "../../src/engine/rule.ts";
import type { CatalogueEntry } from "./catalogue.ts";

/** A rule as it is, in the words of the catalogue; packs as they are at the newest release. */
export function catalogueEntryOf({ id, category, severity, scope, packs, aliases }: Rule): CatalogueEntry {
  return {
    id,
    category,
    severity,
    scope,
    packs: Object.fromEntries(
      Object.entries(packs).flatMap(([pack, membership]) => {
        const params = packParams(membership, newestRelease);
        return params === undefined ? [] : [[pack, params]];
      }),
    ),
    aliases: Object.fromEntries((aliases ?? []).map((alias) => [alias.id, alias.params ?? {}])),
  };
}
