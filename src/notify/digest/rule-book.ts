import type { HoistedRule } from "../../api/scan-report.ts";
import type { Severity } from "../../api/severity.ts";
import { isWorse } from "../../engine/score.ts";
import type { CataloguedRule } from "./request.ts";

/** What is known of rules: from the reports that name them, else from the catalogue. */
export class RuleBook {
  readonly #catalogue: ReadonlyMap<string, CataloguedRule>;
  /** By rule, then by policy. */
  readonly #hoisted = new Map<string, Map<string, HoistedRule>>();
  /** What Policies say themselves, by policy and rule. */
  readonly #overrides = new Map<string, ReadonlyMap<string, Severity>>();

  constructor(catalogue: ReadonlyMap<string, CataloguedRule>) {
    this.#catalogue = catalogue;
  }

  override(policy: string, severities: ReadonlyMap<string, Severity>): void {
    this.#overrides.set(policy, severities);
  }

  add(policy: string, rules: Readonly<Record<string, HoistedRule>>): void {
    for (const [id, rule] of Object.entries(rules)) {
      const known = this.#hoisted.get(id);
      if (known === undefined) this.#hoisted.set(id, new Map([[policy, rule]]));
      else known.set(policy, rule);
    }
  }

  /** Title and address, of the policy that comes first by name. */
  facts(id: string): { readonly title: string; readonly helpUrl?: string } {
    const known = [...(this.#hoisted.get(id) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, rule]) => rule);
    const helpUrl = known.find((rule) => rule.helpUrl !== undefined)?.helpUrl;
    const title = known[0]?.title ?? this.#catalogue.get(id)?.title ?? id;
    return { title, ...(helpUrl === undefined ? {} : { helpUrl }) };
  }

  /** The severity that a policy gives a rule, also if nothing breaks it any more. Low for a rule that nobody knows. */
  severity(policy: string, id: string): Severity {
    return (
      this.#hoisted.get(id)?.get(policy)?.severity ??
      this.#overrides.get(policy)?.get(id) ??
      this.#catalogue.get(id)?.severity ??
      "Low"
    );
  }

  /** The worst that any policy gives it. */
  worst(id: string): Severity {
    const given = [...(this.#hoisted.get(id)?.values() ?? [])].map(({ severity }) => severity);
    return given.reduce((a, b) => (isWorse(b, a) ? b : a), given[0] ?? this.severity("", id));
  }
}
