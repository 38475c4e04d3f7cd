import type { ChangeTarget } from "../../api/scan-report.ts";
import type { Severity } from "../../api/severity.ts";
import { noOwnership, type Ownership } from "../../engine/ownership/ownership.ts";
import { type ReportFilter, selects } from "./filter.ts";

/** What a report's changes of the period say of one violation. */
interface Course {
  readonly ownership: Ownership;
  readonly namespace: string;
  readonly ref: string;
  readonly severity: Severity;
  readonly policies: Map<string, { readonly first: ChangeTarget; last: ChangeTarget; count: number }>;
  isThere: boolean;
  isNew: boolean;
}

export interface ChangeFacts extends Pick<Course, "namespace" | "ref" | "severity" | "ownership"> {
  readonly policy: string;
  readonly to: ChangeTarget;
  readonly count: number;
}

/** Who answers for a resource; undefined where nothing of it is violated any more. */
export type OwnershipOf = (namespace: string, ref: string) => Ownership | undefined;

/** What went in the period. */
export interface Closed {
  readonly owner: string | undefined;
  readonly namespace: string;
  readonly severity: Severity;
  readonly count: number;
}

/**
 * Follows violations through the changes of a period. A violation is fixed if it was there before, its last change says that
 * it went, and it is not there now: what returns while its baseline entry waits for the end of `settle` returns without a change.
 */
export class ClosingBook {
  readonly #courses = new Map<string, Course>();

  /** Oldest first within each policy. */
  change(key: string, { policy, to, count, ...facts }: ChangeFacts): void {
    const course = this.#courses.get(key) ?? { ...facts, policies: new Map(), isThere: false, isNew: false };
    this.#courses.set(key, course);
    const steps = course.policies.get(policy);
    if (steps === undefined) course.policies.set(policy, { first: to, last: to, count });
    else Object.assign(steps, { last: to, count });
  }

  /** A row of what is there now, of any policy, selected or not. */
  row(key: string, isNew: boolean): void {
    const course = this.#courses.get(key);
    if (course === undefined) return;
    course.isThere = true;
    course.isNew ||= isNew;
  }

  /** What was there when the period began and went in it, as far as it is selected. */
  fixed(filter: ReportFilter, current: OwnershipOf): Closed[] {
    return this.#closed(filter, current, false);
  }

  /** What came and went within the period. */
  passed(filter: ReportFilter, current: OwnershipOf): Closed[] {
    return this.#closed(filter, current, true);
  }

  #closed(filter: ReportFilter, current: OwnershipOf, cameInPeriod: boolean): Closed[] {
    return [...this.#courses.values()].flatMap((course) => {
      const { namespace, ref, severity } = course;
      const closing = [...course.policies.values()].filter((steps) => isOver(steps.last, course));
      if (closing.length === 0 || closing.every(({ first }) => first === "New") !== cameInPeriod) return [];
      // Older versions wrote changes without it.
      const ownership = course.ownership === noOwnership ? (current(namespace, ref) ?? noOwnership) : course.ownership;
      if (!selects(filter, { severity, ...ownership, state: "Fixed" })) return [];
      return [{ owner: ownership.owner, namespace, severity, count: Math.max(...closing.map(({ count }) => count)) }];
    });
  }
}

function isOver(last: ChangeTarget, { isThere, isNew }: Course): boolean {
  return last === "Gone" ? !isNew : last === "Fixed" && !isThere;
}
