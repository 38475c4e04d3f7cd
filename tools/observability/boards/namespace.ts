import type { Board } from "../board.ts";
import { series } from "../query.ts";
import { bad, good, ofPolicy, policyVariable } from "./policy-variable.ts";

const here = { ...ofPolicy, namespace: "$namespace" } as const;

export const namespace: Board = {
  id: "namespace",
  title: "Pawl / Namespace",
  description: "What is to be looked at in one namespace, under one policy.",
  variables: [
    policyVariable,
    { name: "namespace", label: "Namespace", of: series("violations", ofPolicy), from: "namespace" },
  ],
  rows: [
    {
      title: "Now",
      height: 5,
      panels: [
        {
          kind: "stat",
          title: "New",
          tells: "Violations in excess of the baseline of this namespace.",
          unit: "short",
          queries: [{ expr: `sum(${series("violations", { ...here, state: "new" })}) or vector(0)`, legend: "New" }],
          thresholds: [good(0), bad(1)],
        },
        {
          kind: "stat",
          title: "Known",
          tells: "Violations that the baseline of this namespace covers.",
          unit: "short",
          queries: [
            { expr: `sum(${series("violations", { ...here, state: "known" })}) or vector(0)`, legend: "Known" },
          ],
        },
        {
          kind: "stat",
          title: "Critical and high",
          tells: "New and Known together: where an everyday event, or an attacker, does harm without a second fault.",
          unit: "short",
          queries: [
            {
              expr: `sum(${series("violations", { ...here, severity: { matching: "critical|high" } })}) or vector(0)`,
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
          tells: "All violations of the namespace.",
          unit: "short",
          queries: [{ expr: `sum by (severity) (${series("violations", here)})`, legend: "{{severity}}" }],
          emptyWhen: "the namespace is clean",
        },
        {
          kind: "timeseries",
          title: "By state",
          tells: "New that goes down was fixed or accepted; Known never rises by itself.",
          unit: "short",
          queries: [{ expr: `sum by (state) (${series("violations", here)})`, legend: "{{state}}" }],
          emptyWhen: "the namespace is clean",
        },
      ],
    },
  ],
};
