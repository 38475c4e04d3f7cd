import type { Query } from "../board.ts";

/** What was measured at one time. */
export interface Point {
  /** Seconds since 1970. */
  readonly at: number;
  readonly value: number;
}

/** One series of the answer to a query; a query that asks of now alone has one point. Points are in the order of time. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly points: readonly Point[];
}

/** What Prometheus has answered to each query of a board. */
export type Answers = ReadonlyMap<Query, readonly Series[]>;

/** The series' name in a legend: `{{severity}}` → `critical`. */
export function nameOf({ labels }: Series, legend: string): string {
  return legend.replaceAll(/\{\{(\w+)\}\}/g, (_, label: string) => labels[label] ?? "");
}

/** The newest value, if there is any. */
export function newest({ points }: Series): number | undefined {
  return points.at(-1)?.value;
}
