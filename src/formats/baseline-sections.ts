import { counted, grouped } from "./counted.ts";
import type { Digest } from "./digest.ts";
import { list, name, paragraph, plain, type Section, table } from "./page.ts";

/** The parts that only the report of the baseline has. */
export function baselineSections({ baseline }: Digest): Section[] {
  if (baseline === undefined) return [];
  const { takenAt, debt, worst, next } = baseline;
  const teams = debt.total - debt.shown.length;
  const resources = worst.total - worst.shown.length;
  return [
    {
      heading: "What comes next",
      blocks: [
        ...(takenAt === undefined ? [] : [paragraph(plain(`The baseline was taken ${takenAt.text}.`))]),
        ...list(next.map((sentence) => [[plain(sentence)]])),
      ],
    },
    {
      heading: "Debt by team",
      blocks: [
        ...table(
          [
            { heading: "Team" },
            { heading: "Open", numeric: true },
            { heading: "Critical", numeric: true },
            { heading: "High", numeric: true },
            { heading: "Medium", numeric: true },
            { heading: "Low", numeric: true },
            { heading: "Resources", numeric: true },
          ],
          debt.shown.map(({ owner, open, critical, high, medium, low, resources: own }) => [
            [name(owner)],
            ...[open, critical, high, medium, low, own].map((number) => [plain(grouped(number))]),
          ]),
        ),
        ...(debt.total === 0 ? [paragraph(plain("There is none."))] : []),
        ...(teams > 0 ? [paragraph(plain(`And ${counted(teams, "more team")}.`))] : []),
      ],
    },
    {
      heading: "Where most is to be done",
      blocks: [
        ...list(
          worst.shown.map(({ namespace, ref, owner, critical, high, open }) => [
            [
              ...(namespace === undefined ? [] : [name(namespace), plain(" ")]),
              name(ref),
              plain(` (`),
              name(owner),
              plain(`): ${grouped(critical)} critical, ${grouped(high)} high of ${grouped(open)}`),
            ],
          ]),
        ),
        ...(worst.total === 0 ? [paragraph(plain("Nowhere."))] : []),
        ...(resources > 0 ? [paragraph(plain(`And ${counted(resources, "more resource")}.`))] : []),
      ],
    },
  ];
}
