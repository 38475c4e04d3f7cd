import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { load } from "js-yaml";
import { z } from "zod";
import { evaluateInventory } from "../../src/engine/evaluate-inventory.ts";
import { evaluateResource } from "../../src/engine/evaluate-resource.ts";
import { InventoryStore } from "../../src/engine/inventory-store.ts";
import { fillMessage } from "../../src/engine/message.ts";
import type { PatchOperation } from "../../src/engine/patch.ts";
import { newestRelease, parseRelease, type Release } from "../../src/engine/release.ts";
import { type KubeObject, resourceRef } from "../../src/engine/resource.ts";
import type { Rule } from "../../src/engine/rule.ts";
import { viewResource } from "../../src/engine/views/resource-view.ts";
import type { Violation } from "../../src/engine/violation.ts";
import { formatManifestProblem } from "../../src/manifests/problem.ts";
import { readManifests } from "../../src/manifests/read-manifests.ts";
import { ruleAlone } from "../../tools/oracles/policies.ts";

/** One violation as fixtures write it. */
const Expected = z.strictObject({
  /** Who violates the rule: `Deployment.apps/checkout`. */
  on: z.string(),
  path: z.string(),
  /** Value class, for rules that have one. */
  class: z.string().optional(),
  /** Message id. */
  message: z.string(),
  /** The message as a reader gets it. */
  text: z.string(),
});
export type Expected = z.infer<typeof Expected>;

/** What a fixture's head says of a violation. */
const Listed = Expected.extend({
  /** For a rule with an autofix: why it leaves this one alone. */
  stays: z.string().optional(),
});

/** What the comment at the head of a fixture says, itself YAML. */
const Head = z.strictObject({
  /** What the case shows, where the name of the file does not say it. */
  about: z.string().optional(),
  params: z.record(z.string(), z.unknown()).default({}),
  release: z.string().optional(),
  expect: z.array(Listed).default([]),
});

/** A manifest with one or more objects, which are the whole inventory, and what the rule finds in it. */
export interface Fixture {
  /** `fail-no-limit.yaml`. */
  readonly name: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly release: Release;
  readonly expect: readonly Expected[];
  /** Those of them that the rule's autofix cannot repair safely. */
  readonly stays: readonly Expected[];
  readonly objects: readonly KubeObject[];
}

/** The fixtures of a rule, `test/rules/<id>/*.yaml`. */
export function readFixtures(id: string): readonly Fixture[] {
  const folder = join(import.meta.dirname, id);
  return readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .sort()
    .map((name) => readFixture(join(folder, name)));
}

function readFixture(file: string): Fixture {
  const text = fillIn(readFileSync(file, "utf8"));
  const head = /^(?:#.*\n)*/.exec(text)?.[0].replace(/^# ?/gm, "") ?? "";
  const { params, release, expect } = Head.parse(head.trim() === "" ? {} : load(head), { reportInput: true });
  return {
    name: basename(file),
    params,
    release: (release === undefined ? undefined : parseRelease(release)) ?? newestRelease,
    expect: expect.map(({ stays, ...one }) => one),
    stays: expect.filter(({ stays }) => stays !== undefined).map(({ stays, ...one }) => one),
    objects: freeze(objectsIn(text, file)),
  };
}

function objectsIn(text: string, file: string): readonly KubeObject[] {
  const { objects, problems } = readManifests(text, file);
  if (problems.length > 0) throw new Error(problems.map(formatManifestProblem).join("\n"));
  return objects;
}

/**
 * `⟦36⟧` stands for 36 letters and digits that look random, `⟦32 hex⟧` for hexadecimal ones: what looks like a live
 * credential stands in no file.
 */
function fillIn(text: string): string {
  return text.replace(/⟦(\d+)( hex)?⟧/g, (_, length: string, hex: string | undefined) => {
    const alphabet = hex === undefined ? "k3VbQ7xTz0Lm9RwPa5YcJ2sHd8NfGu4EeW1" : "3f9a07c5e1b8d264";
    return Array.from({ length: Number(length) }, (_, at) => alphabet[(at * 11 + 5) % alphabet.length]).join("");
  });
}

/** No rule may change what it judges: one that tries throws. */
function freeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    Object.values(value).forEach(freeze);
    Object.freeze(value);
  }
  return value;
}

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
  const found = violations.map(({ on, violation: { path, class: valueClass, messageId, data } }) => ({
    on,
    path,
    ...(valueClass === undefined ? {} : { class: valueClass }),
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
