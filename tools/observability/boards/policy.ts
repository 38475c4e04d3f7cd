import type { Board } from "../board.ts";
import { series } from "../query.ts";
import { ofPolicy, policyVariable } from "./policy-variable.ts";

export const policy: Board = {
  id: "policy",
  title: "Pawl / Policy",
  description: "What one policy asks, rule by rule, and how far its baseline has shrunk.",
  variables: [policyVariable],
  rows: [
    {
      title: "Rules",
      height: 11,
      panels: [
        {
          kind: "table",
          title: "Rules with the most violations",
          tells: "The twenty rules that find the most. What tops the list is one habit, and often one edit of a chart.",
          unit: "short",
          queries: [
            { expr: `topk(20, sum by (rule, severity) (${series("ruleViolations", ofPolicy)}))`, legend: "{{rule}}" },
          ],
          emptyWhen: "the policy finds nothing at all",
        },
        {
          kind: "table",
          title: "Rules with something New",
          tells: "What has got worse, by rule.",
          unit: "short",
          queries: [
            {
              expr: `sort_desc(sum by (rule, severity) (${series("ruleViolations", { ...ofPolicy, state: "new" })}) > 0)`,
              legend: "{{rule}}",
            },
          ],
          emptyWhen: "nothing is New",
        },
      ],
    },
    {
      title: "The ratchet",
      height: 9,
      panels: [
        {
          kind: "timeseries",
          title: "Baseline",
          tells:
            "Entries in the baselines of the policy. It falls as debt is paid; it rises only when a rule or a scope is adopted.",
          unit: "short",
          queries: [{ expr: `max(${series("baselineEntries", ofPolicy)})`, legend: "entries" }],
        },
        {
          kind: "timeseries",
          title: "Score",
          tells: "0 to 100, rounded down.",
          unit: "short",
          queries: [{ expr: `max(${series("score", ofPolicy)})`, legend: "score" }],
        },
        {
          kind: "timeseries",
          title: "Resources",
          tells: "How much the policy judges. A fall may be a scope that got narrower.",
          unit: "short",
          queries: [{ expr: `max(${series("resources", ofPolicy)})`, legend: "resources" }],
        },
      ],
    },
    {
      title: "Scans",
      height: 7,
      panels: [
        {
          kind: "timeseries",
          title: "Coverage",
          tells: "The share of the kinds in scope that could be read.",
          unit: "percentunit",
          queries: [{ expr: `min(${series("scanCoverage", ofPolicy)})`, legend: "coverage" }],
        },
        {
          kind: "stat",
          title: "Next scan",
          tells: "When everything is read anew. Empty while the policy is suspended.",
          unit: "dateTimeFromNow",
          queries: [{ expr: `(max(${series("scanNext", ofPolicy)}) > 0) * 1000`, legend: "Next scan" }],
          emptyWhen: "the policy is suspended",
        },
      ],
    },
  ],
};
