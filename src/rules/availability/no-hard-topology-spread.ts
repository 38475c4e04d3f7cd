import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import { recordsAt, textAt } from "../../engine/views/fields.ts";
import { path } from "../../engine/views/path.ts";

export const rule = defineRule({
  id: "no-hard-topology-spread",
  revision: 1,
  title: "Topology spread gives way when a zone is full",
  category: "availability",
  severity: "Low",
  kinds: "workloads",
  why: "With DoNotSchedule a Pod stays pending when spreading it evenly is impossible, for instance while a zone is down: just when it is needed elsewhere.",
  fix: "Set whenUnsatisfiable to ScheduleAnyway.",
  packs: { eks: {} },
  aliases: [{ id: "EKS_INVALID_VALUE_DONOOTSCHEDULE" }],
  references: ["https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/"],
  params: z.strictObject({}),
  messages: {
    hard: "The spread over {topologyKey} keeps Pods pending when it cannot be met",
  },
  check({ resource, report }) {
    const hard = recordsAt(resource.podSpec?.fields, "topologySpreadConstraints").filter(
      (constraint) => textAt(constraint, "whenUnsatisfiable") === "DoNotSchedule",
    );
    const keys = hard.map((constraint) => printable(textAt(constraint, "topologyKey") || "(no key)"));
    for (const topologyKey of new Set(keys))
      report("hard", {
        path: path("topologySpreadConstraints"),
        class: topologyKey,
        data: { topologyKey },
        value: "DoNotSchedule",
      });
  },
});
