import type { Board } from "../board.ts";
import { series } from "../query.ts";
import { bad, good } from "./policy-variable.ts";

const own = { owner: "$owner" } as const;

/** Owners are counted once over all policies, so this board asks for none. */
export const team: Board = {
  id: "team",
  title: "Pawl / Team",
  description:
    "What one team has to look at, in all namespaces; each violation counts once, however many policies see it.",
  variables: [{ name: "owner", label: "Team", of: series("ownerViolations"), from: "owner" }],
  rows: [
    {
      title: "Now",
      height: 5,
      panels: [
        {
          kind: "stat",
          title: "New",
          tells: "Violations of this team in excess of the baselines.",
          unit: "short",
          queries: [
            { expr: `sum(${series("ownerViolations", { ...own, state: "new" })}) or vector(0)`, legend: "New" },
          ],
          thresholds: [good(0), bad(1)],
        },
        {
          kind: "stat",
          title: "Known",
          tells: "Violations of this team that the baselines cover: its debt.",
          unit: "short",
          queries: [
            { expr: `sum(${series("ownerViolations", { ...own, state: "known" })}) or vector(0)`, legend: "Known" },
          ],
        },
        {
          kind: "stat",
          title: "Critical and high",
          tells: "New and Known together: where an everyday event, or an attacker, does harm without a second fault.",
          unit: "short",
          queries: [
            {
              expr: `sum(${series("ownerViolations", { ...own, severity: { matching: "critical|high" } })}) or vector(0)`,
              legend: "Critical and high",
            },
          ],
          thresholds: [good(0), { from: 1, colour: "orange" }],
        },
      ],
    },
    {
      title: "Direction",
      height: 9,
      panels: [
        {
          kind: "timeseries",
          title: "By severity",
          tells: "All violations of the team.",
          unit: "short",
          queries: [{ expr: `sum by (severity) (${series("ownerViolations", own)})`, legend: "{{severity}}" }],
          emptyWhen: "the team has no violations",
        },
        {
          kind: "timeseries",
          title: "By state",
          tells: "New that goes down was fixed or accepted; Known never rises by itself.",
          unit: "short",
          queries: [{ expr: `sum by (state) (${series("ownerViolations", own)})`, legend: "{{state}}" }],
          emptyWhen: "the team has no violations",
        },
      ],
    },
    {
      title: "All teams",
      height: 10,
      panels: [
        {
          kind: "table",
          title: "New, by team",
          tells: "Whose resources are worse than the baselines.",
          unit: "short",
          queries: [
            {
              expr: `sort_desc(sum by (owner, severity) (${series("ownerViolations", { state: "new" })}) > 0)`,
              legend: "{{owner}} {{severity}}",
            },
          ],
          emptyWhen: "nothing is New",
        },
        {
          kind: "table",
          title: "Debt, by team",
          tells: "The twenty teams with the most Known violations.",
          unit: "short",
          queries: [
            {
              expr: `topk(20, sum by (owner) (${series("ownerViolations", { state: "known" })}))`,
              legend: "{{owner}}",
            },
          ],
          emptyWhen: "there is no debt",
        },
        {
          kind: "stat",
          title: "Without a team",
          tells:
            "The share of violations that nobody is named for. A label on the namespace is enough to name somebody.",
          unit: "percentunit",
          queries: [
            {
              expr: `(sum(${series("ownerViolations", { owner: "unowned" })}) or vector(0)) / sum(${series("ownerViolations")})`,
              legend: "unowned",
            },
          ],
          emptyWhen: "there are no violations",
        },
      ],
    },
  ],
};
