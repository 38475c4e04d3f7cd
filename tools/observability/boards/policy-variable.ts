import type { Panel, Variable } from "../board.ts";
import { series } from "../query.ts";

type Threshold = NonNullable<Panel["thresholds"]>[number];

export const good = (from: number): Threshold => ({ from, colour: "green" });
export const bad = (from: number): Threshold => ({ from, colour: "red" });

/** One at a time: policies overlap, so that a sum over several would count violations twice. */
export const policyVariable: Variable = {
  name: "policy",
  label: "Policy",
  of: series("resources"),
  from: "policy",
};

/** The series of the policy that the reader has chosen. */
export const ofPolicy = { policy: "$policy" } as const;
