import type { FieldProblem } from "../../api/field-problem.ts";
import { parseSubscriptionSpec } from "../../api/parse-subscription-spec.ts";
import { readStored } from "../../api/read-stored.ts";
import { type ReportSubscriptionSpec, storedSubscription } from "../../api/report-subscription.ts";
import type { ReportSubscriptionStatus } from "../../api/report-subscription-status.ts";
import { integerAt } from "../../engine/views/fields.ts";
import { identityOf, type RawObject } from "../../kube/object.ts";

/** A ReportSubscription as the API server gave it. */
export interface SubscriptionEntry {
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation: number;
  readonly spec:
    | { readonly ok: true; readonly spec: ReportSubscriptionSpec }
    | { readonly ok: false; readonly problems: readonly FieldProblem[] };
  readonly status: ReportSubscriptionStatus;
}

/** All ReportSubscriptions. */
export class SubscriptionBook {
  readonly #entries = new Map<string, SubscriptionEntry>();

  upsert(object: RawObject): SubscriptionEntry {
    const { name, uid, resourceVersion } = identityOf(object);
    const reading = readStored(storedSubscription, object);
    const entry = {
      name,
      uid,
      resourceVersion,
      generation: integerAt(object, "metadata", "generation") ?? 0,
      spec: parseSubscriptionSpec(object.spec),
      status: (reading.ok ? reading.value.status : undefined) ?? {},
    };
    this.#entries.set(name, entry);
    return entry;
  }

  delete(name: string): void {
    this.#entries.delete(name);
  }

  get(name: string): SubscriptionEntry | undefined {
    return this.#entries.get(name);
  }

  names(): readonly string[] {
    return [...this.#entries.keys()];
  }

  /** Those that want to hear of transitions within minutes. */
  immediate(): readonly string[] {
    return [...this.#entries.values()].flatMap(({ name, spec }) =>
      spec.ok && spec.spec.immediate !== undefined && !spec.spec.suspend ? [name] : [],
    );
  }
}
