import type { Facts } from "./facts/index.ts";
import type { Ownership } from "./ownership/ownership.ts";
import type { KindName, ResourceId } from "./resource.ts";
import type { Namespaces } from "./rule.ts";
import type { ElementHash } from "./views/elements.ts";
import type { TextMap } from "./views/fields.ts";
import type { Problem, Violation } from "./violation.ts";

/**
 * What stays of an object once it was judged and dropped. A clean object is one small record: everything that only
 * violations need is absent, and empty collections are shared.
 */
export interface Judged {
  readonly id: ResourceId;
  readonly uid: string;
  readonly resourceVersion: string;
  /** Milliseconds since the epoch; 0 where the object does not say. */
  readonly createdAt: number;
  /**
   * `judged`: for itself. `folded`: its controller answers for it, so nothing was judged. `ephemeral`: folded, but its
   * ephemeral containers were judged; its top controller carries what was found.
   */
  readonly role: "judged" | "folded" | "ephemeral";
  readonly controller?: Controller;
  /** Only if the name was really made from it. */
  readonly generateName?: string;
  /** What the object itself says of its owner and source; shared by all that say the same. Absent where it says nothing. */
  readonly ownership?: Ownership;
  /** Projection for the inventory, if an enabled rule reads the kind. */
  readonly facts?: Facts;
  /** `verdictKey` of the policies in whose scope the object is; a folded one is in none. */
  readonly inScope: readonly string[];
  /** Only of policies that found something; by `verdictKey`. */
  readonly verdicts: ReadonlyMap<string, ResourceVerdict>;
  /** Only where something was found. */
  readonly trace?: Trace;
}

/** The one owner that manages an object. */
export interface Controller {
  readonly kind: KindName;
  readonly name: string;
}

/** What one policy found on one object. */
export interface ResourceVerdict {
  /** Of `resource` rules; merged over parameter sets, sorted by rule, path and value class. */
  readonly violations: readonly Violation[];
  /** What `inventory` rules took from the object, for `evaluateInventory`. */
  readonly subjects: readonly InventorySubject[];
  /** Rules that threw. */
  readonly problems: readonly Problem[];
}

export interface InventorySubject {
  readonly rule: string;
  /** Index in the rule's `sets`. */
  readonly set: number;
  readonly subject: unknown;
  /** Set if the verdict also rests on facts of other namespaces. */
  readonly elsewhere?: Elsewhere;
}

/** Kinds whose facts matter, and where. */
export interface Elsewhere {
  readonly kinds: readonly KindName[];
  readonly namespaces: Namespaces;
}

/** What the ledger needs to recognise a violation again: kept for objects with violations only. */
export interface Trace {
  /** See `views/shape.ts`. */
  readonly shape: string;
  /** The list elements that a merge key addresses, see `views/elements.ts`. A list, because small sets are large. */
  readonly elements: readonly ElementHash[];
  /** Labels of the object, for the scope of an earlier version of the policy. */
  readonly labels: TextMap;
}
