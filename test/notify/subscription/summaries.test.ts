import { describe, expect, test } from "vitest";
import { decide } from "../../../src/notify/subscription/decide.ts";
import type { SubscriptionState } from "../../../src/notify/subscription/state.ts";
import { day, factsOf, hour, looked, minute, specOf, start } from "./samples.ts";

/** Mondays at nine in Berlin, which is eight in UTC; `start` is a Saturday at 7:25. */
const spec = specOf({ digest: { schedule: "0 9 * * 1", timeZone: "Europe/Berlin" } });
const monday = Date.UTC(2026, 10, 23, 8);
const week = 7 * day;
const fresh = looked(spec);

const at = (now: number, state: SubscriptionState = fresh, more: object = {}) =>
  decide(factsOf({ spec, now, state, ...more })).state;

const done = (state: SubscriptionState): SubscriptionState => ({
  ...state,
  pending: [],
  told: new Map([["", Math.max(...state.pending.map((one) => one.at))]]),
});

describe("a digest", () => {
  test("is due when its schedule says so, in its time zone", () => {
    expect(fresh.nextDigest).toBe(monday);
    expect(at(monday - 1).pending).toEqual([]);
    expect(at(monday).pending).toMatchObject([{ kind: "digest", at: monday, since: start }]);
    expect(at(monday).nextDigest).toBe(monday + week);
  });

  test("begins where the one before it ends", () => {
    const first = done(at(monday));
    expect(at(monday + week, first).pending).toMatchObject([{ kind: "digest", since: monday }]);
  });

  test("that was missed is sent once, and says when it was due", () => {
    const { pending, nextDigest } = at(monday + 3 * week + hour);
    expect(pending).toMatchObject([{ kind: "digest", due: monday, since: start }]);
    expect(nextDigest).toBe(monday + 4 * week);
  });

  test("that is a moment late does not say so", () => {
    expect(at(monday + minute).pending[0]).not.toHaveProperty("due");
  });

  test("takes the place of one that could not be delivered, with its period and what that stood in for", () => {
    const held = { ...fresh, heldBack: new Map([["", 3]]) };
    const first = at(monday, held);
    expect(first.heldBack.size).toBe(0);
    const second = at(monday + week, { ...first, heldBack: new Map([["", 2]]) });
    expect(second.pending).toMatchObject([{ kind: "digest", at: monday + week, since: start, heldBack: 5 }]);
  });

  test("is sent once for each due time although the clock is set back behind it", () => {
    const sent = done(at(monday));
    const back = at(monday - hour, sent);
    expect(back.pending).toEqual([]);
    expect(at(monday + minute, back).pending).toEqual([]);
  });

  test("is missed by no more than one after a clock that was far ahead", () => {
    const ahead = done(at(monday + 5 * week));
    const back = at(monday + hour, ahead);
    expect(back.nextDigest).toBe(monday + 2 * week);
    expect(at(monday + 2 * week, back).pending).toMatchObject([{ since: monday + hour }]);
  });

  test("follows an edited schedule", () => {
    const daily = specOf({ digest: { schedule: "0 9 * * *", timeZone: "Europe/Berlin" } });
    const edited = decide(factsOf({ spec: daily, state: fresh, now: start, isEdited: true })).state;
    expect(edited.nextDigest).toBe(Date.UTC(2026, 10, 21, 8));
  });

  test("is not sent while suspended, and tells of that time afterwards", () => {
    const suspended = specOf({ digest: { schedule: "0 9 * * 1", timeZone: "Europe/Berlin" }, suspend: true });
    const resting = decide(factsOf({ spec: suspended, state: fresh, now: monday, isEdited: true })).state;
    expect(resting).toMatchObject({ pending: [], nextDigest: undefined });
    const resumed = at(monday + hour, resting, { isEdited: true });
    expect(at(monday + week, resumed).pending).toMatchObject([{ kind: "digest", since: start }]);
  });

  test("goes to each channel of which the filter leaves something", () => {
    const routes = [
      { owner: "payments", channel: "#payments" },
      { owner: "qa", channel: "#qa" },
    ];
    const routed = specOf({
      sink: { slack: { secretRef: { name: "a" }, channel: "#platform", routes } },
      filter: { owners: { exclude: ["qa"] } },
      digest: { schedule: "0 9 * * 1", timeZone: "Europe/Berlin" },
    });
    const { pending } = decide(factsOf({ spec: routed, state: looked(routed), now: monday })).state;
    expect(pending.map(({ channel }) => channel)).toEqual(["#platform", "#payments"]);
  });
});

describe("the report of the baseline", () => {
  test("is sent when every selected policy has been scanned, and once", () => {
    expect(at(start + hour).pending).toEqual([]);
    const scanned = at(start + hour, fresh, { scannedAt: start + hour - minute });
    expect(scanned.pending).toMatchObject([{ kind: "baseline" }]);
    expect(scanned.baselineReport).toBe(start + hour);
    expect(at(start + 2 * hour, done(scanned), { scannedAt: start + 2 * hour - minute }).pending).toEqual([]);
  });

  test("waits until the reports of that scan are written", () => {
    const decision = decide(factsOf({ spec, state: fresh, now: start + hour, scannedAt: start + hour }));
    expect(decision.state.pending).toEqual([]);
    expect(decision.wakeAt).toBe(start + hour + 10_000);
  });
});
