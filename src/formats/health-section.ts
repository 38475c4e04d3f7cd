import { counted, grouped } from "./counted.ts";
import type { Digest } from "./digest.ts";
import { type Line, list, name, names, paragraph, plain, type Section, strong, words } from "./page.ts";

const maxPolicies = 20;

type Health = Digest["health"];

/** What may make the numbers mislead, in words where there is nothing, too. */
export function healthSection({ health }: Digest): Section {
  const { holes, erring, unverified, inactive } = health;
  const policies = health.coverage.slice(0, maxPolicies);
  const left = health.coverage.length - policies.length;
  return {
    heading: "Coverage and health",
    blocks: [
      ...list(policies.map((policy) => [coverageOf(policy)])),
      ...(left > 0 ? [paragraph(plain(`And ${counted(left, "more policy", "more policies")}.`))] : []),
      ...list([
        ...holes.shown.map(holeOf),
        ...moreThan(holes, "kind that cannot be read", "kinds that cannot be read"),
        ...(unverified.total === 0
          ? []
          : [[[strong("Unverified: "), ...names(unverified.shown, unverified.shown.length, unverified.total)]]]),
        ...erring.shown.map(erringOf),
        ...moreThan(erring, "rule that fails", "rules that fail"),
        ...inactive.shown.map(({ rule, reason, policies: of }) => [
          [strong("Inactive: "), name(rule), plain(" ("), words(reason), plain(") in "), ...names(of, 5)],
        ]),
        ...moreThan(inactive, "inactive rule", "inactive rules"),
        ...caveats(health),
      ]),
    ],
  };
}

function coverageOf({ policy, percent, lastScan, notReady }: Health["coverage"][number]): Line {
  const coverage = percent === undefined ? "coverage unknown" : `coverage ${percent} %`;
  const scan = lastScan === undefined ? "not scanned yet" : `last scan ${lastScan.text}`;
  return [
    name(policy),
    plain(`: ${coverage}, ${scan}`),
    ...(notReady === undefined ? [] : [plain("; "), strong("not ready: "), words(notReady)]),
  ];
}

function holeOf({ kind, reason, message, since, policies }: Health["holes"]["shown"][number]): Line[] {
  return [
    [
      strong("Not read: "),
      name(kind),
      plain(" ("),
      words(reason),
      plain(`) since ${since.text}, in `),
      ...names(policies, 5),
    ],
    [words(message)],
  ];
}

function erringOf({ rule, resources, reason }: Health["erring"]["shown"][number]): Line[] {
  return [[strong("Failing rule: "), name(rule), plain(` on ${counted(resources, "resource")}: `), words(reason)]];
}

function caveats({ unowned, unownedPercent, unlisted, missingParts }: Health): Line[][] {
  return [
    ...(unowned === 0
      ? [[[plain("Every open violation has an owner, or there is none.")]]]
      : [[[plain(`${grouped(unowned)} open (${unownedPercent} %) have no owner.`)]]]),
    ...(unlisted === 0
      ? []
      : [[[plain(`${counted(unlisted, "violation")} beyond 200 of one resource are in no list and no count above.`)]]]),
    ...(missingParts === 0
      ? []
      : [
          [
            [
              strong("Incomplete: "),
              plain(
                `${counted(missingParts, "part")} of reports could not be found. Their violations are missing above.`,
              ),
            ],
          ],
        ]),
  ];
}

function moreThan(
  list: { readonly shown: readonly unknown[]; readonly total: number },
  one: string,
  many: string,
): Line[][] {
  const left = list.total - list.shown.length;
  return left > 0 ? [[[plain(`And ${left} more ${left === 1 ? one : many}.`)]]] : [];
}
