import type { CompiledPolicy } from "../../src/engine/compiled-policy.ts";
import { type Evaluation, evaluate } from "../../src/engine/evaluate.ts";
import { fillMessage } from "../../src/engine/message.ts";
import { newestRelease } from "../../src/engine/release.ts";
import { type KubeObject, resourceRef } from "../../src/engine/resource.ts";
import { stableJson } from "../../src/engine/values/stable-json.ts";
import { rules } from "../../src/rules/index.generated.ts";
import { ruleAlone } from "../../tools/oracles/policies.ts";
import { readFixtures } from "./harness.ts";

/** Every rule with its own parameters, and with all those that its fixtures give: each a policy, for these kinds. */
export function everyRule(kinds: readonly KubeObject[]): readonly CompiledPolicy[] {
  return rules.flatMap((rule) => {
    const given = [{}, ...readFixtures(rule.id).map(({ params }) => params)];
    const distinct = new Map(given.map((params) => [stableJson(params), params]));
    return [...distinct.values()].map((params, at) =>
      ruleAlone(rule, { params, release: newestRelease, objects: kinds }, `${rule.id}-${at}`),
    );
  });
}

/** What all policies make of objects that are all there is. */
export function judgeAll(policies: readonly CompiledPolicy[], objects: readonly KubeObject[]): Evaluation {
  return evaluate({ objects, policies, context: { namespaceLabels: () => new Map() } });
}

/** Why rules could not judge; empty unless one threw. */
export function problemsIn({ policies }: Evaluation): readonly string[] {
  return [...policies.values()].flatMap(({ problems }) =>
    problems.map(({ rule, resource, reason }) => `${rule} on ${resource}: ${reason}`),
  );
}

/** One violation with everything of it that leaves the engine. */
export interface Told {
  /** Policy, resource, path and value class: what a fingerprint is made of. */
  readonly fingerprint: string;
  readonly path: string;
  readonly class: string | undefined;
  readonly value: string | undefined;
  readonly text: string;
}

export function told({ policies }: Evaluation): readonly Told[] {
  return [...policies].flatMap(([name, { violations }]) =>
    violations.map(({ resource, violation }): Told => {
      const { rule: id, path, class: valueClass, messageId, data, value } = violation;
      const messages: Readonly<Record<string, string>> = rules.find((rule) => rule.id === id)?.messages ?? {};
      return {
        fingerprint: [name, resource.namespace, resourceRef(resource), path, valueClass ?? ""].join(" "),
        path,
        class: valueClass,
        value,
        text: fillMessage(messages[messageId] ?? "", data),
      };
    }),
  );
}
