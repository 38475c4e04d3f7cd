import { evaluateInventory } from "../../src/engine/evaluate-inventory.ts";
import { evaluateResource } from "../../src/engine/evaluate-resource.ts";
import { InventoryStore } from "../../src/engine/inventory-store.ts";
import { fillMessage } from "../../src/engine/message.ts";
import type { PatchOperation } from "../../src/engine/patch.ts";
import { type KubeObject, resourceRef } from "../../src/engine/resource.ts";
import type { Rule } from "../../src/engine/rule.ts";
import { viewResource } from "../../src/engine/views/resource-view.ts";
import type { Violation } from "../../src/engine/violation.ts";
import { ruleAlone } from "../../tools/oracles/policies.ts";
import type { Expected, Fixture } from "../../tools/rule-fixtures.ts";

export { type Expected, type Fixture, readFixtures } from "../../tools/rule-fixtures.ts";

/** What the engine makes of objects under one rule. */
export interface Verdict {
  readonly found: readonly Expected[];
  /** Reasons why the rule could not judge; empty unless it threw. */
  readonly problems: readonly string[];
  readonly violations: readonly Violation[];
}

/** Runs one rule through the engine as a policy does, with the objects as the complete inventory. */
export function judge(rule: Rule, given: Pick<Fixture, "objects" | "params" | "release">): Verdict {
  const policy = ruleAlone(rule, given);
  const store = new InventoryStore();
  const judged = given.objects.flatMap(
    (object) => evaluateResource(object, [policy], { namespaceLabels: () => new Map() }) ?? [],
  );
  for (const { facts } of judged) if (facts !== undefined) store.upsert(facts);
  const inventory = evaluateInventory(policy, judged, store, () => true);
  const messages: Readonly<Record<string, string>> = rule.messages;
  const violations = judged.flatMap((one) =>
    [...(one.verdicts.get(policy.verdictKey)?.violations ?? []), ...(inventory.violations.get(one) ?? [])].map(
      (violation) => ({ on: resourceRef(one.id), violation }),
    ),
  );
  const found = violations.map(({ on, violation: { path, class: valueClass, value, messageId, data } }) => ({
    on,
    path,
    ...(valueClass === undefined ? {} : { class: valueClass }),
    ...(value === undefined ? {} : { value }),
    message: messageId,
    text: fillMessage(messages[messageId] ?? "", data),
  }));
  const problems = [
    ...judged.flatMap((one) => one.verdicts.get(policy.verdictKey)?.problems ?? []),
    ...inventory.problems,
  ];
  return {
    found: found.sort(byPlace),
    problems: problems.map(({ resource, reason }) => `${resource}: ${reason}`),
    violations: violations.map(({ violation }) => violation),
  };
}

function byPlace(a: Expected, b: Expected): number {
  const [left, right] = [a, b].map(({ on, path, class: valueClass = "" }) => `${on}\n${path}\n${valueClass}`);
  return (left ?? "") < (right ?? "") ? -1 : 1;
}

/** The rule's autofix for an object of the fixture; empty unless the rule finds something in it. */
export function patchFor(rule: Rule, fixture: Fixture, object: KubeObject): readonly PatchOperation[] {
  const resource = viewResource(object);
  if (resource === undefined || rule.scope !== "resource" || rule.autofix === undefined) return [];
  if (!judge(rule, fixture).found.some(({ on }) => on === resourceRef(resource.id))) return [];
  return rule.autofix({ resource, params: rule.params.parse(fixture.params), context: { release: fixture.release } });
}

/** Expected violations in the order in which `judge` gives what it found. */
export function sorted(expected: readonly Expected[]): readonly Expected[] {
  return [...expected].sort(byPlace);
}
