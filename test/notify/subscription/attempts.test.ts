import { describe, expect, test } from "vitest";
import { delivered, type Failure, missed } from "../../../src/notify/subscription/attempts.ts";
import { decide } from "../../../src/notify/subscription/decide.ts";
import type { Pending, SubscriptionState } from "../../../src/notify/subscription/state.ts";
import { change, day, factsOf, hour, looked, minute, second, specOf, start } from "./samples.ts";

const spec = specOf({ immediate: {}, digest: { schedule: "0 9 * * 1" } });
const changes = [change("a", start)];
const first = decide(factsOf({ spec, state: looked(spec), happenings: changes, now: start + minute }));
const pending = first.attempt as Pending;

const refused: Failure = { reason: "Unreachable", message: "refused", retry: {}, unconfirmed: false };

const next = (state: SubscriptionState, now: number, more: object = {}) =>
  decide(factsOf({ spec, state, happenings: changes, now, ...more }));

describe("an attempt", () => {
  test("is noted before it is begun", () => {
    expect(first.state.pending).toMatchObject([{ id: pending.id, unconfirmed: true }]);
  });

  test("that succeeds leaves nothing to do", () => {
    const state = delivered(first.state, pending, start + minute + second);
    expect(state).toMatchObject({ pending: [], failing: [], lastDelivery: { id: pending.id, kind: "transitions" } });
    expect(next(state, start + hour).attempt).toBeUndefined();
  });

  test("that some recipients refuse is not made again, and the status names them and the field", () => {
    const state = delivered(first.state, pending, start + minute, {
      field: "spec.sink.email.to",
      refused: ["b@example.com"],
    });
    expect(state).toMatchObject({ pending: [], failing: [], lastDelivery: { id: pending.id } });
    expect(state.lastFailure).toMatchObject({ id: pending.id, reason: "UnknownChannel" });
    expect(state.lastFailure?.message).toBe(
      "spec.sink.email.to: delivered to the others, but b@example.com was refused. Correct or remove it.",
    );
  });

  test("that fails is made again after 10 s, 20 s, 40 s", () => {
    let { state } = first;
    let now = start + minute;
    for (const delay of [10, 20, 40]) {
      state = missed(state, state.pending[0] as Pending, now, refused);
      expect(next(state, now + (delay - 1) * second).attempt).toBeUndefined();
      now += delay * second;
      const again = next(state, now);
      expect(again.attempt).toMatchObject({ id: pending.id });
      expect(again.attempt).not.toHaveProperty("repeated");
      state = again.state;
    }
  });

  test("that fails waits as long as the receiver asks", () => {
    const state = missed(first.state, pending, start + minute, { ...refused, retry: { afterMs: 5 * minute } });
    expect(next(state, start + 6 * minute - second).attempt).toBeUndefined();
    expect(next(state, start + 6 * minute).attempt).toMatchObject({ id: pending.id });
  });

  test("of an immediate message is given up after an hour, and counted for the digest", () => {
    const state = missed(first.state, pending, start + hour + minute, refused);
    expect(state.pending).toEqual([]);
    expect([...state.heldBack]).toEqual([["", 1]]);
    expect(state.lastFailure).toMatchObject({ id: pending.id, reason: "Unreachable" });
  });

  test("of an immediate message is given up at once where it is in vain", () => {
    const state = missed(first.state, pending, start + minute, {
      ...refused,
      reason: "UnknownChannel",
      retry: "never",
    });
    expect(state.pending).toEqual([]);
    expect([...state.heldBack]).toEqual([["", 1]]);
    expect(state.failing).toMatchObject([{ reason: "UnknownChannel", stalled: true }]);
  });

  test("of a digest that is in vain is made again within the hour, and at once when the credentials are others", () => {
    const digest = decide(factsOf({ spec, state: looked(spec), now: start + 3 * day }));
    const state = missed(digest.state, digest.attempt as Pending, start + 3 * day, { ...refused, retry: "never" });
    const attemptIn = (ms: number, more: object = {}) =>
      next(state, start + 3 * day + ms, { happenings: [], ...more }).attempt;
    expect(attemptIn(59 * minute)).toBeUndefined();
    expect(attemptIn(hour)).toMatchObject({ kind: "digest" });
    expect(attemptIn(second, { isRenewed: true })).toMatchObject({ kind: "digest" });
    expect(attemptIn(second, { isEdited: true })).toMatchObject({ kind: "digest" });
  });

  test("of which nobody knows how it ended is made once more, as a repeat", () => {
    const again = next(first.state, start + 2 * minute);
    expect(again.attempt).toMatchObject({ id: pending.id, repeated: true });
    const twice = next(again.state, start + 3 * minute);
    expect(twice.attempt).toBeUndefined();
    expect([...twice.state.heldBack]).toEqual([["", 1]]);
    expect(twice.state.failing).toMatchObject([{ reason: "Unconfirmed" }]);
  });

  test("whose answer was lost is repeated, and once", () => {
    const lost = { ...refused, reason: "Timeout", unconfirmed: true };
    const state = missed(first.state, pending, start + minute, lost);
    const again = next(state, start + 2 * minute);
    expect(again.attempt).toMatchObject({ id: pending.id, repeated: true });
    expect(missed(again.state, again.attempt as Pending, start + 2 * minute, lost).pending).toEqual([]);
  });

  test("for one channel does not hold up another", () => {
    const routed = specOf({
      sink: {
        slack: {
          secretRef: { name: "a" },
          channel: "#platform",
          routes: [{ owner: "payments", channel: "#payments" }],
        },
      },
      immediate: {},
    });
    const both = [change("a", start), change("b", start, { owner: "shop" })];
    const facts = { spec: routed, happenings: both };
    const one = decide(factsOf({ ...facts, state: looked(routed), now: start + minute }));
    const failed = missed(one.state, one.attempt as Pending, start + minute, refused);
    const other = decide(factsOf({ ...facts, state: failed, now: start + minute + second }));
    expect(other.attempt?.channel).not.toBe(one.attempt?.channel);
  });

  test("is not made while suspended", () => {
    const suspended = specOf({ immediate: {}, suspend: true });
    const state = missed(first.state, pending, start + minute, refused);
    expect(decide(factsOf({ spec: suspended, state, now: start + hour })).attempt).toBeUndefined();
  });
});

test("messages to a channel that the spec no longer names are left to the digest", () => {
  const routed = (channel: string) =>
    specOf({ sink: { slack: { secretRef: { name: "a" }, channel } }, immediate: {}, digest: { schedule: "@weekly" } });
  const { state } = decide(
    factsOf({ spec: routed("#old"), state: looked(routed("#old")), happenings: changes, now: start + minute }),
  );
  const moved = decide(factsOf({ spec: routed("#new"), state, now: start + 2 * minute, isEdited: true }));
  expect(moved.state.pending).toEqual([]);
  expect([...moved.state.heldBack]).toEqual([["#new", 1]]);
});
