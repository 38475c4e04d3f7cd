import type { Row } from "../board.ts";
import type { LabelMatch } from "../query.ts";
import { bad, good } from "./policy-variable.ts";

export interface Standing {
  /** Selects the violations that the board is about: all of them, or those that the labels narrow down further. */
  readonly violations: (narrowed?: Readonly<Partial<Record<"state" | "severity", LabelMatch>>>) => string;
  /** What each panel tells. */
  readonly tells: { readonly new: string; readonly known: string; readonly all: string };
  /** Where there are no violations. */
  readonly emptyWhen: string;
}

/** How things stand and which way they go: the first rows of a board about one namespace, or one team. */
export function standingRows({ violations, tells, emptyWhen }: Standing): readonly [Row, Row] {
  return [
    {
      title: "Now",
      height: 5,
      panels: [
        {
          kind: "stat",
          title: "New",
          tells: tells.new,
          unit: "short",
          queries: [{ expr: `sum(${violations({ state: "new" })}) or vector(0)`, legend: "New" }],
          thresholds: [good(0), bad(1)],
        },
        {
          kind: "stat",
          title: "Known",
          tells: tells.known,
          unit: "short",
          queries: [{ expr: `sum(${violations({ state: "known" })}) or vector(0)`, legend: "Known" }],
        },
        {
          kind: "stat",
          title: "Critical and high",
          tells: "New and Known together: where an everyday event, or an attacker, does harm without a second fault.",
          unit: "short",
          queries: [
            {
              expr: `sum(${violations({ severity: { matching: "critical|high" } })}) or vector(0)`,
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
          tells: tells.all,
          unit: "short",
          queries: [{ expr: `sum by (severity) (${violations()})`, legend: "{{severity}}" }],
          emptyWhen,
        },
        {
          kind: "timeseries",
          title: "By state",
          tells: "New that goes down was fixed or accepted; Known never rises by itself.",
          unit: "short",
          queries: [{ expr: `sum by (state) (${violations()})`, legend: "{{state}}" }],
          emptyWhen,
        },
      ],
    },
  ];
}
