import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hour, minute, second, specOf } from "./samples.ts";
import { type CrashPoint, SimulatedSubscription } from "./simulated-subscription.ts";

const spec = specOf({ immediate: { wait: "60s", interval: "5m", maxPerHour: 60 }, digest: { schedule: "@yearly" } });

type Step =
  | { readonly do: "happen"; readonly lateMs: number }
  | { readonly do: "pass"; readonly ms: number }
  | { readonly do: "jump"; readonly ms: number }
  | { readonly do: "crash"; readonly at: CrashPoint }
  | { readonly do: "restart" | "fail" | "recover" };

const crashAt = fc.constantFrom<CrashPoint>("before intent", "after intent", "after sending");
const steps = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ do: fc.constant("happen" as const), lateMs: fc.nat(9 * minute) }) },
    {
      weight: 5,
      arbitrary: fc.record({ do: fc.constant("pass" as const), ms: fc.integer({ min: 1, max: 8 * minute }) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant("jump" as const), ms: fc.integer({ min: -2 * hour, max: 2 * hour }) }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant("crash" as const), at: crashAt }) },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constantFrom("restart" as const, "fail" as const, "recover" as const) }),
    },
  ),
  { maxLength: 60 },
);

function run(list: readonly Step[]): SimulatedSubscription {
  const subscription = new SimulatedSubscription(spec);
  for (const step of list) {
    if (step.do === "happen") subscription.happen(step.lateMs);
    if (step.do === "pass" || step.do === "jump") subscription.now += step.ms;
    if (step.do === "restart") subscription.restart();
    if (step.do === "fail" || step.do === "recover") subscription.isUp = step.do === "recover";
    subscription.look(step.do === "crash" ? step.at : undefined);
  }
  subscription.isUp = true;
  for (let quarter = 0; quarter < 12; quarter++) {
    subscription.now += 15 * minute;
    subscription.look();
  }
  return subscription;
}

/** How often each transition was decided on to be told, in all messages together. */
function toldOf({ decided }: SimulatedSubscription): number {
  return [...decided.values()].reduce((sum, one) => sum + (one.kind === "transitions" ? one.added : 0), 0);
}

describe("whatever happens, in any order", () => {
  test("every transition is decided on once, in a message or in the count of what is held back", () => {
    fc.assert(
      fc.property(steps, (list) => {
        const subscription = run(list);
        const heldBack = (subscription.stored.heldBack ?? []).reduce((sum, one) => sum + one.messages, 0);
        const told = toldOf(subscription);
        expect(told).toBeLessThanOrEqual(subscription.changes.length);
        if (heldBack === 0) expect(told).toBe(subscription.changes.length);
      }),
      { numRuns: 500 },
    );
  });

  test("every message arrives once, and at most once more after a crash, as a repeat", () => {
    fc.assert(
      fc.property(steps, (list) => {
        const { received, decided, stored, crashes } = run(list);
        const heldBack = (stored.heldBack ?? []).reduce((sum, one) => sum + one.messages, 0);
        const byId = Map.groupBy(received, ({ pending }) => pending.id);
        for (const deliveries of byId.values()) {
          expect(deliveries.length).toBeLessThanOrEqual(2);
          expect(deliveries.slice(1).every(({ repeated }) => repeated)).toBe(true);
        }
        expect(received.length - byId.size).toBeLessThanOrEqual(crashes);
        expect(byId.size + heldBack).toBeGreaterThanOrEqual(decided.size);
        expect(stored.pending ?? []).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test("what is stored stays small", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3_000 }), fc.nat(30), (count, spread) => {
        const subscription = new SimulatedSubscription(spec);
        for (let n = 0; n < count; n++) {
          subscription.happen(0);
          if (n % 100 === 0) subscription.now += spread * second;
        }
        subscription.look();
        subscription.now += minute;
        subscription.look();
        expect(JSON.stringify(subscription.stored).length).toBeLessThan(64 * 1024);
      }),
      { numRuns: 20 },
    );
  });

  test("ten restarts with nothing new send nothing", () => {
    const subscription = new SimulatedSubscription(spec);
    for (let n = 0; n < 20; n++) subscription.happen(0);
    subscription.now += 2 * minute;
    subscription.look();
    const before = subscription.received.length;
    expect(before).toBe(3);
    for (let restart = 0; restart < 10; restart++) {
      subscription.restart();
      subscription.now += hour;
      subscription.look();
    }
    expect(subscription.received).toHaveLength(before);
  });
});
