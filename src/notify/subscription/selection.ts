import type { ReportSubscriptionSpec } from "../../api/report-subscription.ts";
import { severities } from "../../api/severity.ts";
import { selects, selectsPolicy, selectsReport } from "../digest/filter.ts";
import type { Effect } from "./effects.ts";
import type { Happening } from "./happening.ts";

type Filter = ReportSubscriptionSpec["filter"];

/** Whether a subscription looks at it. States are asked for later: what undoes a change is of another state than the change. */
export function selectsHappening(filter: Filter, happening: Happening): boolean {
  const { policy, severity } = happening;
  if (happening.kind === "adoption") {
    const { minimumSeverity = "Low" } = filter;
    return selectsPolicy(filter, policy) && severities.indexOf(severity) <= severities.indexOf(minimumSeverity);
  }
  const { namespace, owner, source } = happening;
  const subject = {
    severity,
    state: "New" as const,
    ...(owner === undefined ? {} : { owner }),
    ...(source === undefined ? {} : { source }),
  };
  return (
    selectsReport(filter, policy, namespace === "" ? undefined : namespace) &&
    selects({ ...filter, states: [] }, subject)
  );
}

/** Whether a subscription tells of such an effect. */
export function selectsEffect({ states = [] }: Filter, { what }: Effect): boolean {
  return states.length === 0 || states.includes(what === "added" ? "New" : "Fixed");
}
