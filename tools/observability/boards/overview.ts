import type { Board } from "../board.ts";
import { series } from "../query.ts";
import { bad, good, ofPolicy, policyVariable } from "./policy-variable.ts";

export const overview: Board = {
  id: "overview",
  title: "Pawl / Overview",
  description:
    "Is the cluster getting better or worse, and can the numbers be trusted? One policy at a time: policies overlap.",
  variables: [policyVariable],
  rows: [
    {
      title: "Now",
      height: 5,
      panels: [
        {
          kind: "stat",
          title: "New",
          tells: "Violations in excess of the baseline. Zero is the goal that can be held from today on.",
          unit: "short",
          queries: [
            { expr: `sum(${series("violations", { ...ofPolicy, state: "new" })}) or vector(0)`, legend: "New" },
          ],
          thresholds: [good(0), bad(1)],
        },
        {
          kind: "stat",
          title: "Known",
          tells: "Violations that the baseline covers: the debt, which only shrinks.",
          unit: "short",
          queries: [
            { expr: `sum(${series("violations", { ...ofPolicy, state: "known" })}) or vector(0)`, legend: "Known" },
          ],
        },
        {
          kind: "stat",
          title: "Score",
          tells: "100 means that no resource violates anything; the worst violation of each resource counts.",
          unit: "short",
          queries: [{ expr: `max(${series("score", ofPolicy)})`, legend: "Score" }],
          thresholds: [
            { from: 0, colour: "red" },
            { from: 50, colour: "orange" },
            { from: 75, colour: "yellow" },
            { from: 90, colour: "green" },
          ],
        },
        {
          kind: "stat",
          title: "Coverage",
          tells: "The share of the kinds in scope that could be read. Below 100 % the other numbers are a lower bound.",
          unit: "percentunit",
          queries: [{ expr: `min(${series("scanCoverage", ofPolicy)})`, legend: "Coverage" }],
          thresholds: [
            { from: 0, colour: "red" },
            { from: 1, colour: "green" },
          ],
        },
        {
          kind: "stat",
          title: "Last scan",
          tells: "When everything was read anew for the last time. Between scans changes are judged as they happen.",
          unit: "dateTimeFromNow",
          queries: [{ expr: `max(${series("scanLastSuccess", ofPolicy)}) * 1000`, legend: "Last scan" }],
        },
        {
          kind: "stat",
          title: "Resources",
          tells: "Workloads and other objects that the policy judges; what a controller makes counts with it.",
          unit: "short",
          queries: [{ expr: `max(${series("resources", ofPolicy)})`, legend: "Resources" }],
        },
      ],
    },
    {
      title: "Direction",
      height: 9,
      panels: [
        {
          kind: "timeseries",
          title: "Violations",
          tells: "The debt in each severity over time. A line that rises is something New that nobody has taken away.",
          unit: "short",
          queries: [{ expr: `sum by (severity) (${series("violations", ofPolicy)})`, legend: "{{severity}}" }],
          emptyWhen: "the policy finds nothing at all",
        },
        {
          kind: "bars",
          title: "Found and fixed per day",
          tells: "What became New and what was fixed within a day. The ratchet turns while fixed outweighs found.",
          unit: "short",
          queries: [
            { expr: `sum(increase(${series("violationsFound", ofPolicy)}[1d]))`, legend: "found" },
            { expr: `-sum(increase(${series("violationsFixed", ofPolicy)}[1d]))`, legend: "fixed" },
          ],
          emptyWhen: "nothing was found or fixed since the operator started",
        },
      ],
    },
    {
      title: "Where",
      height: 10,
      panels: [
        {
          kind: "table",
          title: "New, by namespace",
          tells: "Where something is worse than the baseline. An empty namespace stands for cluster-scoped resources.",
          unit: "short",
          queries: [
            {
              expr: `sort_desc(sum by (namespace, severity) (${series("violations", { ...ofPolicy, state: "new" })}) > 0)`,
              legend: "{{namespace}} {{severity}}",
            },
          ],
          emptyWhen: "nothing is New",
        },
        {
          kind: "table",
          title: "Debt, by namespace",
          tells: "The twenty namespaces with the most Known violations.",
          unit: "short",
          queries: [
            {
              expr: `topk(20, sum by (namespace) (${series("violations", { ...ofPolicy, state: "known" })}))`,
              legend: "{{namespace}}",
            },
          ],
          emptyWhen: "there is no debt",
        },
      ],
    },
  ],
};
