import type { Digest, PolicyTrend, TrendDay } from "./digest.ts";
import { chart, type Line, name, paragraph, plain, type Section, table } from "./page.ts";
import { sparkline } from "./sparkline.ts";

const maxPolicies = 10;

/** Two lines of bars for each policy, so that growth of the cluster is not held against anybody: per 100 resources. */
export function trendSection({ trend }: Digest): Section[] {
  const shown = trend.slice(0, maxPolicies);
  const days = Math.max(0, ...shown.map((policy) => policy.days.length));
  if (days === 0) return [];
  const left = trend.length - shown.length;
  return [
    {
      heading: "Open violations per 100 resources",
      picture: "trend",
      blocks: [
        ...table(
          [
            { heading: "Policy" },
            { heading: `${days} day${days === 1 ? "" : "s"}` },
            { heading: "From → to" },
            { heading: "Grade" },
          ],
          shown.flatMap(rowsOf),
        ),
        ...(left > 0 ? [paragraph(plain(`And ${left} more policies.`))] : []),
      ],
    },
  ];
}

function rowsOf({ policy, days, gradeBefore, gradeAfter }: PolicyTrend): Line[][] {
  const grade = gradeBefore === undefined || gradeBefore === gradeAfter ? gradeAfter : `${gradeBefore} → ${gradeAfter}`;
  return [
    [[name(policy)], ...course(days, ({ per100 }) => per100), [plain(grade ?? "")]],
    [[plain("critical, high")], ...course(days, ({ seriousPer100 }) => seriousPer100), []],
  ];
}

function course(days: readonly TrendDay[], of: (day: TrendDay) => number): Line[] {
  const values = days.map(of);
  const [first = 0] = values;
  return [[chart(sparkline(values))], [plain(`${first.toFixed(1)} → ${(values.at(-1) ?? first).toFixed(1)}`)]];
}
