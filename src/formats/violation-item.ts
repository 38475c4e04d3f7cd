import { grouped } from "./counted.ts";
import { type Line, name, names, plain, strong, words } from "./page.ts";
import type { Place, ViolationLine } from "./violation-line.ts";

const maxPolicies = 3;

/** A violation as an item of a list: what, where, since when and whose. */
export function violationItem(line: ViolationLine, showPolicies: boolean): readonly Line[] {
  const { rule, owner } = line;
  return [
    [strong(`${rule.severity}: `), words(rule.title), plain(" ("), name(rule.id), plain(")"), ...times(line)],
    whereOf(line),
    [plain(`since ${line.since.text} · `), name(owner), ...sourceOf(line), ...(showPolicies ? policiesOf(line) : [])],
  ];
}

/** A place in a notice, whose rule and owner are told above. */
export function placeItem(place: Place, verb: "since" | "fixed"): readonly Line[] {
  return [
    [...whereOf(place), ...times(place)],
    [plain(`${verb} ${place.since.text}`), ...sourceOf(place)],
  ];
}

function times({ count }: Place): Line {
  return count === 1 ? [] : [plain(`, ${grouped(count)} times`)];
}

function whereOf({ namespace, ref, path, value }: Place): Line {
  return [
    ...(namespace === undefined ? [] : [name(namespace), plain(" ")]),
    name(ref),
    ...(path === "" ? [] : [plain(" at "), name(path)]),
    ...(value === undefined ? [] : [plain(" is "), name(value)]),
  ];
}

function sourceOf({ source }: Place): Line {
  return source === undefined ? [] : [plain(" · "), name(source)];
}

function policiesOf({ policies }: Place): Line {
  return [plain(" · found by "), ...names(policies, maxPolicies)];
}
