import { unowned } from "../engine/ownership/ownership.ts";
import { baselineSections } from "./baseline-sections.ts";
import { counted, grouped } from "./counted.ts";
import type { Digest } from "./digest.ts";
import { healthSection } from "./health-section.ts";
import {
  command,
  type Line,
  list,
  name,
  names,
  type Page,
  paragraph,
  plain,
  type Section,
  strong,
  table,
  words,
} from "./page.ts";
import { trendSection } from "./trend-section.ts";
import { violationItem } from "./violation-item.ts";
import { visible } from "./visible.ts";

/** What is said of the delivery, beside the digest itself. */
export interface DeliveryRemarks {
  /** An earlier delivery was not confirmed. */
  readonly repeated?: boolean;
}

/** What a digest says, part by part as docs/reports.md explains it. */
export function digestPage(digest: Digest, { repeated = false }: DeliveryRemarks = {}): Page {
  const body =
    digest.kind === "baseline"
      ? [openSection(digest), ...baselineSections(digest), ...winSection(digest), healthSection(digest)]
      : [
          openSection(digest),
          ...trendSection(digest),
          newSection(digest),
          fixedSection(digest),
          ...offendersSection(digest),
          ...winSection(digest),
          healthSection(digest),
          ...rulesSection(digest),
        ];
  return {
    title: visible(digest.verdict.text, maxTitle),
    subtitle: subtitleOf(digest),
    remarks: remarksOn(digest, repeated),
    sections: body,
    footer: footerOf(digest),
  };
}

function subtitleOf({ kind, madeAt, period }: Digest): string {
  if (kind === "baseline") return `The baseline, read ${madeAt.text}`;
  return period.until.at === madeAt.at ? period.text : `${period.text}; what is open was read ${madeAt.text}`;
}

/** Mail clients and lists of channels show less anyway. */
export const maxTitle = 200;

/** Said where an earlier delivery was not confirmed. */
export const repeatRemark: Line = [
  strong("Repeated: "),
  plain("an earlier delivery was not confirmed, so this may have arrived before."),
];

function remarksOn({ late, overflow }: Digest, repeated: boolean): Line[] {
  return [
    ...(repeated ? [repeatRemark] : []),
    ...(late === undefined ? [] : [[strong("Late: "), plain(`this was due ${late.text} and could not be sent then.`)]]),
    ...(overflow === 0
      ? []
      : [
          [
            strong("Held back: "),
            plain(
              `${counted(overflow, "immediate message")} since the last digest, by the limit per hour. What they would have told is counted here.`,
            ),
          ],
        ]),
  ];
}

function openSection({ verdict, scope }: Digest): Section {
  const { open, openNew, critical, high, medium, low } = verdict;
  const known = open - openNew;
  const severities = [
    `${grouped(critical)} critical`,
    `${grouped(high)} high`,
    `${grouped(medium)} medium`,
    `${grouped(low)} low`,
  ].join(", ");
  const judged = `${counted(scope.resources, "resource")} in ${counted(scope.namespaces, "namespace")} judged by `;
  const policies = scope.policies.length === 0 ? [plain("no policy")] : names(scope.policies, 20);
  return {
    heading: `${counted(open, "violation")} open`,
    blocks: [
      paragraph(plain(`${severities}. ${grouped(openNew)} new, ${grouped(known)} known.`)),
      paragraph(plain(judged), ...policies, plain(".")),
      ...(scope.filter.length === 0
        ? []
        : [paragraph(plain("Selected: "), words(scope.filter.join("; ")), plain("."))]),
    ],
  };
}

function newSection({ new: fresh, footer, scope }: Digest): Section {
  const left = fresh.total - fresh.shown.reduce((sum, { count }) => sum + count, 0);
  return {
    heading: `New in this period: ${grouped(fresh.total)}`,
    blocks: [
      ...list(fresh.shown.map((line) => violationItem(line, scope.policies.length > 1))),
      ...(fresh.total === 0 ? [paragraph(plain("Nothing new that is still there."))] : []),
      ...(left === 0 ? [] : [paragraph(plain(`And ${grouped(left)} more: `), command(footer.pointer))]),
    ],
  };
}

function fixedSection({ fixed, passed, verdict, changesDropped }: Digest): Section {
  const { credit, unattributed, total } = fixed;
  const teams = credit.shown.filter(({ owner }) => owner !== unowned);
  const withoutOwner = credit.shown.find(({ owner }) => owner === unowned)?.fixed ?? 0;
  const thanks = teams.flatMap(
    ({ owner, fixed: count }, index): Line => [
      plain(index === 0 ? "Thanks to " : ", "),
      name(owner),
      plain(` (${grouped(count)})`),
    ],
  );
  const others = credit.total - credit.shown.length;
  const remarks = [
    ...(total === 0 ? ["Nothing was fixed."] : []),
    ...(withoutOwner === 0 ? [] : [`${grouped(withoutOwner)} in resources without an owner.`]),
    ...(unattributed === 0
      ? []
      : [`${grouped(unattributed)} known from the days' totals only: changes are kept for 7 days.`]),
    ...(passed === 0 ? [] : [`${grouped(passed)} more came and went within the period.`]),
    ...(changesDropped === 0
      ? []
      : [`Reports left out ${counted(changesDropped, "change")} of the last 7 days, beyond 200 each.`]),
  ];
  return {
    heading: `Fixed in this period: ${verdict.fixedAtLeast ? "at least " : ""}${grouped(total)}`,
    blocks: [
      ...(thanks.length === 0
        ? []
        : [paragraph(...thanks, plain(others > 0 ? `, and ${counted(others, "more team")}.` : "."))]),
      ...remarks.map((sentence) => paragraph(plain(sentence))),
    ],
  };
}

function offendersSection({ offenders, scope }: Digest): Section[] {
  const { by, byNew, oldestCritical } = offenders;
  if (byNew.length + oldestCritical.length === 0) return [];
  const who = by === "owner" ? "Team" : "Namespace";
  return [
    {
      heading: by === "owner" ? "Teams to talk to" : "Namespaces to look at",
      blocks: [
        ...table(
          [
            { heading: `Most new by ${who.toLowerCase()}` },
            { heading: "New", numeric: true },
            { heading: "Open", numeric: true },
          ],
          byNew.map((one) => [[name(one.name)], [plain(grouped(one.new))], [plain(grouped(one.open))]]),
        ),
        ...list(
          oldestCritical.map(({ name: group, critical, days, oldest }) => [
            [
              name(group),
              plain(
                `: ${counted(critical, "critical violation")}, the oldest for ${days === 0 ? "less than a day" : counted(days, "day")}`,
              ),
            ],
            ...violationItem(oldest, scope.policies.length > 1),
          ]),
        ),
      ],
    },
  ];
}

function winSection({ win }: Digest): Section[] {
  if (win === undefined) return [];
  const { source, rule, violations, resources, namespaces } = win;
  const where = `${counted(resources, "resource")} of ${counted(namespaces, "namespace")}`;
  return [
    {
      heading: "Biggest win",
      blocks: [
        paragraph(
          plain("One change to "),
          name(source),
          plain(` would close ${counted(violations, "violation")} in ${where}: `),
          words(rule.title),
          plain(" ("),
          name(rule.id),
          plain(")."),
        ),
      ],
    },
  ];
}

function rulesSection({ ruleChanges }: Digest): Section[] {
  const left = ruleChanges.total - ruleChanges.shown.length;
  if (ruleChanges.total === 0) return [];
  return [
    {
      heading: "Changes of rules and scope",
      blocks: [
        paragraph(plain("What these found was there before, so it is known, not new.")),
        ...list(
          ruleChanges.shown.map(({ rule, policy, violations, on }) => [
            [
              words(rule.title),
              plain(" ("),
              name(rule.id),
              plain(") in "),
              name(policy),
              plain(`: ${counted(violations, "violation")}, ${on}`),
            ],
          ]),
        ),
        ...(left === 0 ? [] : [paragraph(plain(`And ${grouped(left)} more.`))]),
      ],
    },
  ];
}

function footerOf({ footer }: Digest): Line[] {
  return [
    [plain("Everything: "), command(footer.pointer)],
    ...(footer.mute === undefined ? [] : [[plain("Less of this: "), command(footer.mute)]]),
  ];
}
