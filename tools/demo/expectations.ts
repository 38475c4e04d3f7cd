/**
 * Everything that the demo promises to show, in the order in which it shows it. The list is fixed before anything runs:
 * an expectation that no stage has met fails the demo, so a stage cannot pass by not looking.
 */
export const expectations = {
  served: "the API server is ready",
  settled: "controllers have made ReplicaSets, Pods and Jobs of the workloads",
  installed: "the API server serves Policies and reports",
  leastPrivilege: "the operator may list Pods, but not Secrets",
  operatorReady: "the operator says that it is ready",
  policyReady: "the Policy is Ready, with counts and full coverage",
  cleanIsClean: "payments: scanned, nothing violated",
  debtIsKnown: "shop: what was already there is Known, nothing is New",
  jobsAreFolded: "shop: twelve Jobs and their Pods count as their one CronJob",
  worstIsNamed: "legacy: the privileged DaemonSet, the catch-all Ingress and the image without a version are named",
  clusterIsJudged: "cluster: the binding to cluster-admin is named",
  firstDayIsQuiet: "Events: the baselines are announced, no violation is",
  metricsAgree: "metrics: as many violations as in the reports",
  newIsNew: "a worse Deployment shows up as New",
  newIsAnnounced: "an Event on the worse Deployment announces it",
  fixIsFixed: "a repaired Deployment is counted as fixed and has left the report",
  fixIsAnnounced: "an Event on the repaired Deployment announces it",
  metricsMove: "metrics: the new and the fixed violations are counted",
  restStaysQuiet: "nothing else has become New",
  digestTells: "the digest tells what is new, and thanks the team that repaired something",
} as const;

export type Expectation = keyof typeof expectations;

type Outcome = { readonly met: true } | { readonly met: false; readonly reason: string };

/** Which expectations were met. One that nobody spoke about is not met. */
export class Checklist {
  readonly #outcomes = new Map<Expectation, Outcome>();

  meet(expectation: Expectation): void {
    this.#outcomes.set(expectation, { met: true });
  }

  /** `reason` may have several lines: what was expected, and what was last seen instead. */
  fail(expectation: Expectation, reason: string): void {
    this.#outcomes.set(expectation, { met: false, reason });
  }

  get passed(): boolean {
    return ids().every((id) => this.#outcomes.get(id)?.met === true);
  }

  /** One line per expectation, in order; a failed one is followed by its reason. */
  lines(): readonly ChecklistLine[] {
    return ids().map((id) => {
      const outcome = this.#outcomes.get(id);
      if (outcome === undefined) return { mark: "not reached", text: expectations[id] };
      return outcome.met
        ? { mark: "met", text: expectations[id] }
        : { mark: "failed", text: expectations[id], reason: outcome.reason };
    });
  }
}

export interface ChecklistLine {
  readonly mark: "met" | "failed" | "not reached";
  readonly text: string;
  readonly reason?: string;
}

function ids(): readonly Expectation[] {
  return Object.keys(expectations) as Expectation[];
}
