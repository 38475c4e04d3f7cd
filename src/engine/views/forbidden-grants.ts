import { printable } from "../values/printable.ts";
import { type GrantEntry, grantsOf, isBuiltInRbac } from "./rbac.ts";
import type { ResourceView } from "./resource-view.ts";

/** Resources of one API group that a rule asks for; subresources are spelled `pods/exec`. */
export interface GrantTarget {
  readonly group: string;
  readonly resources: readonly string[];
}

/** What may replace the resources of each group, and by which verbs; no verbs stand for any, even for none. */
export interface GrantParams {
  readonly resources?: readonly string[] | undefined;
  readonly verbs: readonly string[];
}

/** A grant in the words of the role, ready to be reported. */
export interface ForbiddenGrant {
  readonly path: "rules";
  /** `group/resource:verb`; the core group is empty: `/secrets:get`. */
  readonly class: string;
  readonly data: { readonly verb: string; readonly resource: string };
  readonly value: string;
}

/**
 * What a role grants of that which a rule forbids: each element of the product of groups, resources and verbs as it is
 * written, so that a wildcard is one grant. Roles that the API server keeps grant nothing here.
 */
export function forbiddenGrants(
  view: ResourceView,
  targets: readonly GrantTarget[],
  { resources, verbs }: GrantParams,
  isJudged: (entry: GrantEntry) => boolean = () => true,
): readonly ForbiddenGrant[] {
  const asked = resources === undefined ? targets : targets.map(({ group }) => ({ group, resources }));
  const isForbidden = (group: string, resource: string) =>
    asked.some((target) => coversTarget(group, resource, target));
  const verbsOf = (entry: GrantEntry) => {
    if (!isJudged(entry)) return [];
    if (verbs.length === 0 && entry.verbs.length === 0) return [""];
    return entry.verbs.filter((verb) => coversVerb(verb, verbs));
  };
  return grantsWhere(view, verbsOf, isForbidden);
}

/** Escalating verbs count on whatever they are granted; `*` counts where it covers what gives such a verb its meaning. */
export function forbiddenVerbs(
  view: ResourceView,
  meanings: ReadonlyMap<string, GrantTarget>,
): readonly ForbiddenGrant[] {
  const targets = [...meanings.values()];
  const verbsOf = ({ verbs }: GrantEntry) => verbs.filter((verb) => verb === "*" || meanings.has(verb));
  return grantsWhere(
    view,
    verbsOf,
    (group, resource, verb) => verb !== "*" || targets.some((target) => coversTarget(group, resource, target)),
  );
}

function grantsWhere(
  view: ResourceView,
  verbsOf: (entry: GrantEntry) => readonly string[],
  isForbidden: (group: string, resource: string, verb: string) => boolean,
): readonly ForbiddenGrant[] {
  if (isBuiltInRbac(view)) return [];
  const found = new Map<string, ForbiddenGrant>();
  for (const entry of grantsOf(view))
    for (const verb of verbsOf(entry))
      for (const group of entry.apiGroups)
        for (const resource of entry.resources) {
          if (!isForbidden(group, resource, verb)) continue;
          const grant = forbiddenGrant(group, resource, verb);
          found.set(grant.class, grant);
        }
  return [...found.values()];
}

function forbiddenGrant(group: string, resource: string, verb: string): ForbiddenGrant {
  const shown = printable(group === "" ? resource : `${group}/${resource}`);
  const data = { verb: verb === "" ? "no verb" : printable(verb), resource: shown };
  return { path: "rules", class: printable(`${group}/${resource}:${verb}`), data, value: `${data.verb} ${shown}` };
}

function coversTarget(group: string, resource: string, target: GrantTarget): boolean {
  return (group === "*" || group === target.group) && target.resources.some((one) => coversResource(resource, one));
}

/** `*` stands for every resource and subresource, `*` + a subresource for that of every resource; `pods/*` is a name. */
function coversResource(written: string, resource: string): boolean {
  if (written === "*" || written === resource) return true;
  const slash = resource.indexOf("/");
  return slash >= 0 && written === `*${resource.slice(slash)}`;
}

function coversVerb(written: string, verbs: readonly string[]): boolean {
  return verbs.length === 0 || written === "*" || verbs.includes(written);
}
