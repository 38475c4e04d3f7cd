import { describe, expect, test } from "vitest";
import { decide } from "../../../src/notify/subscription/decide.ts";
import type { Happening } from "../../../src/notify/subscription/happening.ts";
import type { SubscriptionState } from "../../../src/notify/subscription/state.ts";
import { adoption, change, factsOf, hour, looked, minute, second, specOf, start } from "./samples.ts";

const spec = specOf({ immediate: {}, digest: { schedule: "0 9 * * 1" } });
const fresh = looked(spec);

/** What is decided at that time, in lines: `payments memory-limit +2 -0`. */
function told(
  happenings: readonly Happening[],
  at: number,
  given: { spec?: typeof spec; state?: SubscriptionState } = {},
) {
  const { state } = decide(factsOf({ spec, state: fresh, happenings, now: start + at, ...given }));
  const lines = state.pending.map((one) => {
    if (one.kind !== "transitions") return one.kind;
    const { owner, rule, policy } = one.group;
    return [one.channel, owner, policy, rule, `+${one.added}`, `-${one.fixed}`].filter(Boolean).join(" ");
  });
  return { lines, state };
}

const at = (offset: number) => start + offset;

describe("transitions", () => {
  test("of before the subscription are not told", () => {
    expect(told([change("a", at(-minute))], 2 * minute).lines).toEqual([]);
  });

  test("are told a minute after the first one of the group, which does not begin anew", () => {
    const changes = [change("a", at(0)), change("b", at(40 * second))];
    expect(told(changes, 59 * second).lines).toEqual([]);
    expect(told(changes, 60 * second).lines).toEqual(["payments memory-limit +2 -0"]);
  });

  test("wake the subscription when their time comes", () => {
    expect(decide(factsOf({ state: fresh, happenings: [change("a", at(0))], now: at(second) })).wakeAt).toBe(
      at(minute),
    );
  });

  test("are grouped by owner and rule", () => {
    const changes = [
      change("a", at(0)),
      change("b", at(0), { owner: "shop" }),
      change("c", at(0), { rule: "tag" }),
      change("d", at(0), { owner: "shop" }),
    ];
    expect(told(changes, minute).lines.sort()).toEqual([
      "payments memory-limit +1 -0",
      "payments tag +1 -0",
      "shop memory-limit +2 -0",
    ]);
  });

  test("are grouped by rule alone where that is asked for", () => {
    const byRule = specOf({ immediate: { groupBy: "Rule" } });
    const changes = [change("a", at(0)), change("b", at(0), { owner: "shop" })];
    expect(told(changes, minute, { spec: byRule }).lines).toEqual(["memory-limit +2 -0"]);
  });

  test("that are undone while they wait are not told", () => {
    const gone = change("gone", at(30 * second), { ref: "Deployment.apps/a", to: "Gone" });
    expect(told([change("a", at(0)), gone], minute).lines).toEqual([]);
  });

  test("that turn out to be moves are not told", () => {
    const moved = change("moved", at(30 * second), { ref: "Deployment.apps/a", to: "Known" });
    expect(told([change("a", at(0)), moved], minute).lines).toEqual([]);
  });

  test("to Known are never told", () => {
    expect(told([change("a", at(0), { to: "Known" })], minute).lines).toEqual([]);
  });

  test("of something fixed that is there again are not told", () => {
    expect(told([change("a", at(0), { to: "Fixed", isThere: true })], minute).lines).toEqual([]);
    expect(told([change("a", at(0), { to: "Fixed", isThere: false })], minute).lines).toEqual([
      "payments memory-limit +0 -1",
    ]);
  });

  test("that several policies find are one", () => {
    const strict = change("a", at(0), { policy: "strict", severity: "Critical" });
    expect(told([change("a", at(0)), strict], minute).lines).toEqual(["payments memory-limit +1 -0"]);
  });

  test("are told once", () => {
    const { state } = told([change("a", at(0))], minute);
    const later = told([change("a", at(0))], hour, { state: { ...state, pending: [] } });
    expect(later.lines).toEqual([]);
  });

  test("about the same are five minutes apart", () => {
    const { state } = told([change("a", at(0))], minute);
    const both = [change("a", at(0)), change("b", at(70 * second))];
    const after = { ...state, pending: [] };
    expect(told(both, 5 * minute + 59 * second, { state: after }).lines).toEqual([]);
    expect(told(both, 6 * minute, { state: after }).lines).toEqual(["payments memory-limit +1 -0"]);
  });

  test("that a filter leaves out are not told", () => {
    const narrow = specOf({
      immediate: {},
      filter: {
        namespaces: { include: ["shop"] },
        minimumSeverity: "High",
        owners: { exclude: ["qa"] },
        states: ["New"],
      },
    });
    const changes = [
      change("kept", at(0)),
      change("elsewhere", at(0), { namespace: "other" }),
      change("minor", at(0), { severity: "Low" }),
      change("theirs", at(0), { owner: "qa" }),
      change("fixed", at(0), { to: "Fixed" }),
    ];
    expect(told(changes, minute, { spec: narrow }).lines).toEqual(["payments memory-limit +1 -0"]);
  });
});

describe("routes", () => {
  const routed = specOf({
    sink: {
      slack: {
        secretRef: { name: "a" },
        channel: "#platform",
        routes: [{ owner: "payments", channel: "#payments" }],
      },
    },
    immediate: { groupBy: "Rule" },
  });

  test("lead to the owner's channel, and else to the fallback", () => {
    const changes = [change("a", at(0)), change("b", at(0), { owner: "shop" }), adoption("c", at(0))];
    expect(told(changes, minute, { spec: routed }).lines.sort()).toEqual([
      "#payments memory-limit +1 -0",
      "#platform memory-limit +1 -0",
      "#platform production cpu-request +0 -0",
    ]);
  });
});

test("a rule that a policy adopts is one message, whatever it found", () => {
  expect(told([adoption("a", at(0))], minute).lines).toEqual(["production cpu-request +0 -0"]);
});

describe("the limit per hour", () => {
  const changes = Array.from({ length: 500 }, (_, n) => change(`c${n}`, at(0), { rule: `rule-${n}` }));

  test("holds, and what it holds back is counted for the digest", () => {
    const { lines, state } = told(changes, minute);
    expect(lines).toHaveLength(10);
    expect([...state.heldBack]).toEqual([["", 490]]);
    const later = told(changes, 30 * minute, { state }).state;
    expect(later.pending.map(({ id }) => id)).toEqual(state.pending.map(({ id }) => id));
    expect(later.heldBack).toEqual(state.heldBack);
  });

  test("makes them wait where no digest would tell of them", () => {
    const lonely = specOf({ immediate: {} });
    const { lines, state } = told(changes, minute, { spec: lonely });
    expect(lines).toHaveLength(10);
    expect(state.heldBack.size).toBe(0);
    expect(told(changes, minute + hour, { spec: lonely, state: { ...state, pending: [] } }).lines).toHaveLength(10);
  });
});
