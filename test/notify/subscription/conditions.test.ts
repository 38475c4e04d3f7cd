import { describe, expect, test } from "vitest";
import { Condition } from "../../../src/api/conditions.ts";
import { type ConditionFacts, subscriptionConditions } from "../../../src/notify/subscription/conditions.ts";
import { hour, specOf, start } from "./samples.ts";

const well: ConditionFacts = {
  now: start,
  generation: 3,
  stored: [],
  spec: { ok: true, spec: specOf({ immediate: {} }) },
  credentials: undefined,
  failing: [],
};
const failing = { channel: "#a", since: start, reason: "Unreachable", message: "refused", stalled: false };

const shown = (facts: Partial<ConditionFacts>) =>
  subscriptionConditions({ ...well, ...facts }).map(({ type, status, reason }) => `${type}=${status} ${reason}`);

describe("the conditions of a subscription", () => {
  test("are Ready alone while all is well", () => {
    expect(shown({})).toEqual(["Ready=True Subscribed"]);
    expect(shown({ spec: { ok: true, spec: specOf({ immediate: {}, suspend: true }) } })).toEqual([
      "Ready=True Suspended",
    ]);
  });

  test("name the field of a bad spec", () => {
    const problems = [{ path: "spec.sink", message: "is empty" }];
    const [ready] = subscriptionConditions({ ...well, spec: { ok: false, problems } });
    expect(ready).toMatchObject({ status: "False", reason: "InvalidSpec" });
    expect(ready?.message).toMatch(/^spec\.sink: is empty; /);
  });

  test("are Stalled for what only a person can mend, whichever channel it is", () => {
    const denied = { ...failing, channel: "#b", reason: "UnknownChannel", stalled: true };
    expect(shown({ failing: [failing, denied] })).toEqual([
      "Ready=False UnknownChannel",
      "Stalled=True UnknownChannel",
    ]);
    const credentials = { kind: "stalled", reason: "MissingKey", message: "lacks url" } as const;
    expect(shown({ credentials })).toEqual(["Ready=False MissingKey", "Stalled=True MissingKey"]);
  });

  test("are Degraded for what is tried again", () => {
    expect(shown({ failing: [failing] })).toEqual(["Ready=True Subscribed", "Degraded=True Unreachable"]);
    expect(shown({ credentials: { kind: "transient", message: "no answer" } })).toEqual([
      "Ready=True Subscribed",
      "Degraded=True SecretUnknown",
    ]);
  });

  test("keep the time of their last change", () => {
    const stored = subscriptionConditions(well);
    const [ready] = subscriptionConditions({ ...well, stored, now: start + hour });
    expect(ready?.lastTransitionTime).toBe(stored[0]?.lastTransitionTime);
  });

  test("are what the API server takes, however long a receiver's answer was", () => {
    const long = { ...failing, message: "ä".repeat(40_000) };
    for (const one of subscriptionConditions({ ...well, failing: [long] })) {
      expect(Condition.safeParse(one).success).toBe(true);
      expect(one.message.length).toBeLessThanOrEqual(1024);
    }
  });
});
