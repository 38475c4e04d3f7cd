import { isWorse } from "../../engine/score.ts";
import type { TransitionsNotice } from "../../formats/transitions.ts";
import type { Place, RuleFacts } from "../../formats/violation-line.ts";
import type { Calendar } from "../digest/moment.ts";
import type { CataloguedRule } from "../digest/request.ts";
import type { Happening, ReportedChange, RuleAdoption } from "./happening.ts";
import type { PendingTransitions } from "./state.ts";

export interface NoticeFacts {
  readonly happenings: readonly Happening[];
  readonly catalogue: ReadonlyMap<string, CataloguedRule>;
  readonly calendar: Calendar;
}

/** What a message about transitions shows: the places that the reports still tell of, and the numbers that were decided on. */
export function noticeOf(
  pending: PendingTransitions,
  { happenings, catalogue, calendar }: NoticeFacts,
): TransitionsNotice {
  const ids = new Set(pending.changes);
  const told = happenings.filter(({ id, policy }) => ids.has(id) && (pending.group.policy ?? policy) === policy);
  const changes = told.filter((one): one is ReportedChange => one.kind === "change");
  const adoption = told.find((one): one is RuleAdoption => one.kind === "adoption");
  const { rule, owner } = pending.group;
  return {
    ...(owner === undefined ? {} : { owner }),
    rule: ruleFacts(rule, told, catalogue),
    added: {
      shown: places(
        changes.filter(({ to }) => to === "New"),
        calendar,
      ),
      total: pending.added,
    },
    fixed: {
      shown: places(
        changes.filter(({ to }) => to !== "New"),
        calendar,
      ),
      total: pending.fixed,
    },
    ...(adoption === undefined ? {} : { adopted: adopted(adoption) }),
  };
}

function ruleFacts(id: string, told: readonly Happening[], catalogue: NoticeFacts["catalogue"]): RuleFacts {
  const first = told[0] ?? catalogue.get(id) ?? { title: id, severity: "Low" as const };
  const severity = told.reduce((worst, one) => (isWorse(one.severity, worst) ? one.severity : worst), first.severity);
  const helpUrl = told.find((one) => one.helpUrl !== undefined)?.helpUrl;
  return { id, title: first.title, severity, ...(helpUrl === undefined ? {} : { helpUrl }) };
}

function adopted({ policy, violations, resources, namespaces }: RuleAdoption) {
  return { policy, violations, resources, namespaces };
}

/** One that several policies find is one place; newest first. */
function places(changes: readonly ReportedChange[], calendar: Calendar): readonly Place[] {
  return [...Map.groupBy(changes, ({ id }) => id).values()]
    .flatMap((same) => {
      const [first] = same;
      if (first === undefined) return [];
      const { namespace, ref, path, count, value, source, to, since, at } = first;
      return [
        {
          at,
          place: {
            ...(namespace === "" ? {} : { namespace }),
            ref,
            path,
            count,
            ...(value === undefined || to !== "New" ? {} : { value }),
            since: calendar.moment(to === "New" ? (since ?? at) : at),
            ...(source === undefined ? {} : { source }),
            policies: same.map(({ policy }) => policy).sort(),
          },
        },
      ];
    })
    .sort((a, b) => b.at - a.at || (placeText(a.place) < placeText(b.place) ? -1 : 1))
    .map(({ place }) => place);
}

function placeText({ namespace = "", ref, path }: Place): string {
  return `${namespace}\n${ref}\n${path}`;
}
