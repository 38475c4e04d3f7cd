import { counted, grouped } from "./counted.ts";
import { type DeliveryRemarks, maxTitle, repeatRemark } from "./digest-page.ts";
import { command, type Line, list, name, type Page, paragraph, plain, type Section, strong, words } from "./page.ts";
import type { TransitionsNotice } from "./transitions.ts";
import { placeItem } from "./violation-item.ts";
import { visible } from "./visible.ts";

/** What is said of the message, beside the notice itself. */
export interface NoticeRemarks extends DeliveryRemarks {
  readonly cluster: string;
  /** Name of the ReportSubscription that it is sent for. */
  readonly subscription: string;
}

/** One line: the subject of a mail. `prod-eu: payments: 14 new: Memory limit`. */
function noticeTitle({ owner, rule, added, fixed, adopted }: TransitionsNotice, cluster: string): string {
  const parts = [
    ...(adopted === undefined ? [] : [`rule adopted by ${adopted.policy}`]),
    ...(added.total === 0 ? [] : [`${grouped(added.total)} new`]),
    ...(fixed.total === 0 ? [] : [`${grouped(fixed.total)} fixed`]),
  ];
  return [cluster, ...(owner === undefined ? [] : [owner]), parts.join(", "), rule.title].join(": ");
}

export function transitionsPage(
  notice: TransitionsNotice,
  { cluster, subscription, repeated = false }: NoticeRemarks,
): Page {
  const { rule } = notice;
  return {
    title: visible(noticeTitle(notice, cluster), maxTitle),
    subtitle: visible(`${rule.severity} · ${rule.id}`, maxTitle),
    remarks: repeated ? [repeatRemark] : [],
    sections: [
      ...adoptedSection(notice),
      ...placesSection("New", "since", notice.added),
      ...placesSection("Fixed", "fixed", notice.fixed),
    ],
    footer: footerOf(notice, subscription),
  };
}

function adoptedSection({ adopted, rule }: TransitionsNotice): Section[] {
  if (adopted === undefined) return [];
  const { policy, violations, resources, namespaces } = adopted;
  return [
    {
      heading: "A rule was adopted",
      blocks: [
        paragraph(
          name(policy),
          plain(" now asks for "),
          words(rule.title),
          plain(
            `. It found ${counted(violations, "violation")} in ${counted(resources, "resource")} of ${counted(namespaces, "namespace")}, which are known from now on: only what comes on top is new.`,
          ),
        ),
      ],
    },
  ];
}

function placesSection(
  heading: string,
  verb: "since" | "fixed",
  { shown, total }: TransitionsNotice["added"],
): Section[] {
  if (total === 0) return [];
  const left = total - shown.reduce((sum, { count }) => sum + count, 0);
  return [
    {
      heading: `${heading}: ${grouped(total)}`,
      blocks: [
        ...list(shown.map((place) => placeItem(place, verb))),
        ...(left > 0
          ? [paragraph(plain(`And ${grouped(left)} more: `), command("kubectl get scanreports -A -o yaml"))]
          : []),
      ],
    },
  ];
}

function footerOf({ rule }: TransitionsNotice, subscription: string): Line[] {
  return [
    ...(rule.helpUrl === undefined ? [] : [[strong("How to fix it: "), words(rule.helpUrl)]]),
    [plain("Less of this: "), command(`kubectl edit reportsubscription ${subscription}`)],
  ];
}
