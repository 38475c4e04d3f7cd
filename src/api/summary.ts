import { z } from "zod";
import { atomic, Count } from "./fields.ts";
import type { Immutable } from "./immutable.ts";
import type { Column } from "./kind-definition.ts";

export const Grade = z.enum(["A", "B", "C", "D", "E"]);

export type Grade = z.infer<typeof Grade>;

/** What a report adds up to, and a policy over all its reports. */
export const Summary = atomic(
  z.object({
    resources: Count.describe("Number of resources judged. What its controller answers for is not counted itself."),
    new: Count.describe("Violations in excess of the baseline. They stay new until they are gone."),
    known: Count.describe("Violations that the baseline covers."),
    fixed: Count.describe("Baseline entries that are gone since the baseline was taken."),
    critical: Count.describe("Violations of severity Critical, new and known."),
    high: Count.describe("Violations of severity High, new and known."),
    medium: Count.describe("Violations of severity Medium, new and known."),
    low: Count.describe("Violations of severity Low, new and known."),
    score: z
      .int()
      .min(0)
      .max(100)
      .describe(
        "0 to 100, rounded down: 100 less the mean weight of each resource's worst violation (Critical 100, High 50, Medium 20, Low 5). Absent without resources.",
      )
      .exactOptional(),
    grade: Grade.describe(
      "A from 90, B from 75, C from 50, D from 25, else E. A new Critical violation allows D at best. Absent without resources.",
    ).exactOptional(),
  }),
);

export type Summary = Immutable<z.infer<typeof Summary>>;

const count = (at: string, name: string, field: string, description: string, wide: boolean): Column => ({
  name,
  type: "integer",
  jsonPath: `${at}.${field}`,
  description,
  ...(wide ? { wide: true as const } : {}),
});

/** RESOURCES, NEW, KNOWN, FIXED of the summary at this path. */
export function stateColumns(at: string): Column[] {
  return [
    count(at, "Resources", "resources", "Resources judged.", false),
    count(at, "New", "new", "Violations in excess of the baseline.", false),
    count(at, "Known", "known", "Violations that the baseline covers.", false),
    count(at, "Fixed", "fixed", "Baseline entries that are gone.", false),
  ];
}

/** CRITICAL, HIGH, MEDIUM, LOW of the summary at this path; `wide`: only with `-o wide`. */
export function severityColumns(at: string, wide: boolean): Column[] {
  return [
    count(at, "Critical", "critical", "Violations of severity Critical.", wide),
    count(at, "High", "high", "Violations of severity High.", wide),
    count(at, "Medium", "medium", "Violations of severity Medium.", wide),
    count(at, "Low", "low", "Violations of severity Low.", wide),
  ];
}

/** SCORE of the summary at this path. */
export function scoreColumn(at: string): Column {
  return count(at, "Score", "score", "0 to 100; 100 is a cluster without violations.", false);
}
