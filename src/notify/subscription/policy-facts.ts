import { storedPolicy } from "../../api/policy.ts";
import { readStored } from "../../api/read-stored.ts";
import type { ReportSubscriptionSpec } from "../../api/report-subscription.ts";
import { type Instant, parseInstant } from "../../engine/ledger/instant.ts";
import { hash64 } from "../../engine/values/hash.ts";
import { identityOf, type RawObject } from "../../kube/object.ts";
import { selectsPolicy } from "../digest/filter.ts";
import type { CataloguedRule } from "../digest/request.ts";
import type { RuleAdoption } from "./happening.ts";

interface Known {
  readonly scannedAt: Instant | undefined;
  readonly adoptions: readonly RuleAdoption[];
}

/** What subscriptions look at in Policies, put together as they pass by. */
export class PolicyFactsBook {
  readonly #catalogue: ReadonlyMap<string, CataloguedRule>;
  readonly #policies = new Map<string, Known>();

  constructor(catalogue: ReadonlyMap<string, CataloguedRule>) {
    this.#catalogue = catalogue;
  }

  upsert(object: RawObject): void {
    const { name, uid } = identityOf(object);
    const reading = readStored(storedPolicy, object);
    const { lastScanTime, adoptions = [] } = (reading.ok ? reading.value.status : undefined) ?? {};
    this.#policies.set(name, {
      scannedAt: lastScanTime === undefined ? undefined : parseInstant(lastScanTime),
      adoptions: adoptions.map(({ rule, at, violations, resources, namespaces }) => ({
        kind: "adoption",
        id: hash64(JSON.stringify([uid, rule, at])),
        at: parseInstant(at),
        arrival: 0,
        policy: name,
        rule,
        ...(this.#catalogue.get(rule) ?? { severity: "Low", title: rule }),
        violations,
        resources,
        namespaces,
      })),
    });
  }

  delete(name: string): void {
    this.#policies.delete(name);
  }

  adoptions(): readonly RuleAdoption[] {
    return [...this.#policies.values()].flatMap(({ adoptions }) => adoptions);
  }

  /** When the last of the selected policies was scanned; undefined if one never was, or there is none. */
  scannedAt(filter: ReportSubscriptionSpec["filter"]): Instant | undefined {
    const selected = [...this.#policies].filter(([name]) => selectsPolicy(filter, name));
    const times = selected.flatMap(([, { scannedAt }]) => scannedAt ?? []);
    return selected.length === 0 || times.length < selected.length ? undefined : Math.max(...times);
  }
}
