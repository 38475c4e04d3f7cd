import type { Instant } from "../../engine/ledger/instant.ts";
import { compareText } from "../../engine/ledger/order.ts";
import { unowned } from "../../engine/ownership/ownership.ts";
import type { Digest } from "../../formats/digest.ts";
import { dayMs } from "./days.ts";
import { lineOf, type Wording } from "./lines.ts";
import type { Violation } from "./violation.ts";

const shown = 5;

/** Who to talk to: by what came, and by how long the worst has stood. */
export function offendersOf(violations: readonly Violation[], wording: Wording, now: Instant): Digest["offenders"] {
  const by = violations.some(({ owner }) => owner !== unowned) ? "owner" : "namespace";
  const name = (one: Violation) => (by === "owner" ? one.owner : one.namespace || noNamespace);
  const groups = [...Map.groupBy(violations, name)].sort(([a], [b]) => compareText(a, b));
  const sum = (list: readonly Violation[], of: (one: Violation) => number) =>
    list.reduce((total, one) => total + of(one), 0);
  const byNew = groups
    .map(([group, list]) => ({
      name: group,
      new: sum(list, (one) => one.freshCount),
      open: sum(list, (one) => one.count),
    }))
    .filter((group) => group.new > 0)
    .sort((a, b) => b.new - a.new || b.open - a.open)
    .slice(0, shown);
  const oldestCritical = groups
    .flatMap(([group, list]) => {
      const critical = list.filter(({ severity }) => severity === "Critical");
      const oldest = critical.toSorted((a, b) => a.since - b.since)[0];
      if (oldest === undefined) return [];
      return [{ name: group, critical: sum(critical, (one) => one.count), since: oldest.since, oldest }];
    })
    .sort((a, b) => a.since - b.since || b.critical - a.critical)
    .slice(0, shown)
    .map(({ since, oldest, ...group }) => ({
      ...group,
      days: Math.max(0, Math.floor((now - since) / dayMs)),
      oldest: lineOf(wording, oldest, oldest.count, since),
    }));
  return { by, byNew, oldestCritical };
}

/** Where a table is by namespace: what stands for resources without one. No namespace can be called that. */
const noNamespace = "(cluster)";
