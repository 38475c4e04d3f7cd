import type { Board } from "../board.ts";
import { series } from "../query.ts";
import { standingRows } from "./standing-rows.ts";

const own = { owner: "$owner" } as const;

/** Owners are counted once over all policies, so this board asks for none. */
export const team: Board = {
  id: "team",
  title: "Pawl / Team",
  description:
    "What one team has to look at, in all namespaces; each violation counts once, however many policies see it.",
  variables: [{ name: "owner", label: "Team", of: series("ownerViolations"), from: "owner" }],
  rows: [
    ...standingRows({
      violations: (narrowed) => series("ownerViolations", { ...own, ...narrowed }),
      tells: {
        new: "Violations of this team in excess of the baselines.",
        known: "Violations of this team that the baselines cover: its debt.",
        all: "All violations of the team.",
      },
      emptyWhen: "the team has no violations",
    }),
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
