import type { Board } from "../board.ts";
import { series } from "../query.ts";
import { ofPolicy, policyVariable } from "./policy-variable.ts";
import { standingRows } from "./standing-rows.ts";

const here = { ...ofPolicy, namespace: "$namespace" } as const;

export const namespace: Board = {
  id: "namespace",
  title: "Pawl / Namespace",
  description: "What is to be looked at in one namespace, under one policy.",
  variables: [
    policyVariable,
    { name: "namespace", label: "Namespace", of: series("violations", ofPolicy), from: "namespace" },
  ],
  rows: standingRows({
    violations: (narrowed) => series("violations", { ...here, ...narrowed }),
    tells: {
      new: "Violations in excess of the baseline of this namespace.",
      known: "Violations that the baseline of this namespace covers.",
      all: "All violations of the namespace.",
    },
    emptyWhen: "the namespace is clean",
  }),
};
