import type { Severity } from "../api/severity.ts";
import type { ParamSet } from "./compiled-policy.ts";
import { interning } from "./interning.ts";
import type { Inventory } from "./inventory.ts";
import type { ResourceId } from "./resource.ts";
import type { Namespaces, Rule, RuleContext } from "./rule.ts";
import { printable } from "./values/printable.ts";
import { stableJson } from "./values/stable-json.ts";
import type { Path } from "./views/path.ts";
import type { ResourceView } from "./views/resource-view.ts";
import { type Violation, violationKey } from "./violation.ts";

/** What one rule made of one object: or the reason why it could not judge. Then nothing that it found counts. */
export type RuleOutcome =
  | {
      readonly ok: true;
      readonly found: readonly Violation[];
      readonly subject?: unknown;
      /** Other namespaces that the verdict on the subject rests on. */
      readonly elsewhere?: Namespaces;
    }
  | { readonly ok: false; readonly reason: string };

/** Longest value shown in a row. */
const maxValue = 64;

/**
 * A rule under one set of parameters. Copied out of the rule, for rules are of many shapes, and to read the fields of objects of many
 * shapes takes longer than many a rule does.
 */
export type RuleRun = {
  readonly rule: string;
  /** Of what it finds. */
  readonly severity: Severity;
  readonly params: unknown;
  readonly context: RuleContext;
  /** The number of what is asked more than once of an object: its outcome is kept. */
  readonly slot: number | undefined;
} & (
  | { readonly check: Extract<Rule, { scope: "resource" }>["check"]; readonly collecting: undefined }
  | { readonly check: undefined; readonly collecting: Extract<Rule, { scope: "inventory" }> }
);

export function ruleRun(
  rule: Rule,
  { params }: ParamSet,
  context: RuleContext,
  { severity = rule.severity, slot }: { readonly severity?: Severity; readonly slot?: number | undefined } = {},
): RuleRun {
  const run = { rule: rule.id, severity, params, context, slot };
  return rule.scope === "inventory"
    ? { ...run, check: undefined, collecting: rule }
    : { ...run, check: rule.check, collecting: undefined };
}

/** Runs rules on one object, one after the other. They share the sink, so that those that find nothing leave nothing behind. */
export class ResourceRuns {
  readonly #resource: ResourceView;
  readonly #sink: Sink;
  /** By slot. */
  #outcomes: (RuleOutcome | undefined)[] | undefined;

  constructor(resource: ResourceView) {
    this.#resource = resource;
    this.#sink = new Sink();
  }

  /** Runs a `resource` rule, or the collecting step of an `inventory` rule. */
  run(run: RuleRun): RuleOutcome {
    if (run.slot === undefined) return this.#run(run);
    this.#outcomes ??= [];
    const outcome = this.#outcomes[run.slot] ?? this.#run(run);
    this.#outcomes[run.slot] = outcome;
    return outcome;
  }

  #run(run: RuleRun): RuleOutcome {
    const { rule, severity, params, context, check } = run;
    try {
      if (check === undefined) return collect(run.collecting, run, this.#resource);
      this.#sink.begin(this.#resource, rule, severity);
      check({ resource: this.#resource, params, context, report: this.#sink.report });
      return this.#sink.outcome();
    } catch (error) {
      return { ok: false, reason: reasonOf(error) };
    }
  }
}

function collect(
  rule: Extract<Rule, { scope: "inventory" }>,
  { params, context }: RuleRun,
  resource: ResourceView,
): RuleOutcome {
  const subject: unknown = rule.collect({ resource, params, context });
  if (subject === undefined) return nothingSaid;
  const elsewhere = rule.elsewhere?.(subject);
  return elsewhere === undefined
    ? { ok: true, found: nothing, subject }
    : { ok: true, found: nothing, subject, elsewhere };
}

export interface SubjectOfRule {
  readonly id: ResourceId;
  readonly subject: unknown;
  /** Whether a path belongs to what was judged of the object. */
  covers(path: string): boolean;
}

/** Runs the judging steps of `inventory` rules, one after the other. They share the sink. */
export class InventoryRuns {
  readonly #inventory: Inventory;
  readonly #context: RuleContext;
  readonly #sink = new Sink();

  constructor(inventory: Inventory, context: RuleContext) {
    this.#inventory = inventory;
    this.#context = context;
  }

  run(
    rule: Extract<Rule, { scope: "inventory" }>,
    { params }: ParamSet,
    of: SubjectOfRule,
    severity: Severity = rule.severity,
  ): RuleOutcome {
    try {
      this.#sink.begin(of, rule.id, severity);
      const { id, subject } = of;
      rule.check({
        id,
        subject,
        inventory: this.#inventory,
        params,
        context: this.#context,
        report: this.#sink.report,
      });
      return this.#sink.outcome();
    } catch (error) {
      return { ok: false, reason: reasonOf(error) };
    }
  }
}

const nothing: readonly Violation[] = [];

/** What nearly all runs end with. */
const nothingSaid: RuleOutcome = { ok: true, found: nothing };

export function saysNothing(outcome: RuleOutcome): boolean {
  return outcome === nothingSaid;
}

/** The same violation as a policy sees it: of what several ask alike, each gives it a severity of its own. */
export function withSeverity(violation: Violation, severity: Severity): Violation {
  return violation.severity === severity ? violation : { ...violation, severity };
}

interface Reported {
  readonly path: string;
  readonly data: Readonly<Record<string, string | number>>;
  readonly class?: string;
  readonly value?: string;
}

/** Takes the reports of one run at a time. What was reported in the very same words counts once; what differs in an argument counts again. */
class Sink {
  #of: Pick<SubjectOfRule, "covers"> = coversNothing;
  #rule = "";
  #severity: Severity = "Low";
  #found: Violation[] | undefined;

  /** Forgets the run before. */
  begin(of: Pick<SubjectOfRule, "covers">, rule: string, severity: Severity): void {
    this.#of = of;
    this.#rule = rule;
    this.#severity = severity;
    this.#found = undefined;
  }

  /** A field, for rules take it out of the arguments that they are called with. */
  readonly report = (messageId: string, at: Reported): void => {
    if (!this.#of.covers(at.path)) return;
    const one: { -readonly [K in keyof Violation]: Violation[K] } = {
      rule: this.#rule,
      path: sharePath(at.path),
      messageId,
      data: at.data,
      severity: this.#severity,
    };
    if (at.class !== undefined) one.class = at.class;
    if (at.value !== undefined) one.value = printable(at.value, maxValue);
    this.#found ??= [];
    this.#found.push(one);
  };

  outcome(): RuleOutcome {
    return this.#found === undefined ? nothingSaid : { ok: true, found: distinct(this.#found) };
  }
}

const coversNothing: Pick<SubjectOfRule, "covers"> = { covers: () => false };

/** Nearly all Pods of a cluster call their containers the same few names, and what is found stays. */
const sharePath = interning<Path>((path) => path, 10_000);

function distinct(found: readonly Violation[]): readonly Violation[] {
  if (found.length === 1 || (found.length === 2 && found[0]?.path !== found[1]?.path)) return found;
  if (new Set(found.map(({ path }) => path)).size === found.length) return found;
  const words = (one: Violation) => `${violationKey(one)}\n${one.messageId}\n${stableJson(one.data)}`;
  return [...new Map(found.map((one) => [words(one), one])).values()];
}

/** No rule ends a scan: whatever one throws becomes a reason, of class and first line. Where in the code it happened is no matter for a report. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return `threw a ${typeof error}`;
  const [line = ""] = error.message.split("\n");
  return printable(line === "" ? error.name : `${error.name}: ${line}`, 256);
}

/**
 * Merges what a rule found under several parameter sets: equal violations are one. What one set finds several times on
 * one place stays as many.
 */
export function mergeSets(perSet: readonly (readonly Violation[])[]): readonly Violation[] {
  const [only] = perSet;
  if (only !== undefined && perSet.length === 1) return only;
  const merged = new Map<string, readonly Violation[]>();
  for (const found of perSet)
    for (const [key, list] of Map.groupBy(found, violationKey))
      if (list.length > (merged.get(key)?.length ?? 0)) merged.set(key, list);
  return [...merged.values()].flat();
}

/** In the order of `compareViolations`. What one rule finds nearly always is. */
export function sorted(found: readonly Violation[]): readonly Violation[] {
  for (let at = 1; at < found.length; at++) {
    const [one, next] = [found[at - 1], found[at]];
    if (one !== undefined && next !== undefined && compareViolations(one, next) > 0)
      return found.toSorted(compareViolations);
  }
  return found;
}

/** By rule, path and value class; those that are equal in all three in the order of their messages. */
export function compareViolations(a: Violation, b: Violation): number {
  return (
    compareText(a.rule, b.rule) ||
    compareText(a.path, b.path) ||
    compareText(a.class ?? "", b.class ?? "") ||
    compareText(a.messageId, b.messageId) ||
    compareText(stableJson(a.data), stableJson(b.data))
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
