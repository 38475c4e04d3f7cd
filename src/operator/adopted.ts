import type { LedgerStep } from "../engine/ledger/types.ts";
import type { Adopted } from "./policy-run.ts";

/** What a ledger has adopted, with the resources in which it was: those with the youngest Known rows of the rule. */
export function adoptedIn(
  { resources }: Pick<LedgerStep, "resources">,
  adopted: LedgerStep["adopted"],
): readonly Adopted[] {
  return adopted.map(({ rule, count }) => {
    const known = resources.map(({ rows }) =>
      Math.max(...rows.filter((row) => row.rule === rule && row.state === "Known").map(({ since }) => since)),
    );
    const youngest = Math.max(...known);
    return { rule, violations: count, resources: known.filter((since) => since === youngest).length };
  });
}
