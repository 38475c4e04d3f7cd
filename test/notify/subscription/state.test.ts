import fc from "fast-check";
import { expect, test } from "vitest";
import { ReportSubscriptionStatus } from "../../../src/api/report-subscription-status.ts";
import { type Pending, readState, type SubscriptionState, writeState } from "../../../src/notify/subscription/state.ts";
import { start } from "./samples.ts";

const instant = fc.nat(10_000_000).map((seconds) => start + seconds * 1_000);
const channel = fc.constantFrom("", "#a", "#b");
const id = fc.stringMatching(/^v1-[0-9a-f]{4}$/);
const common = { id, channel, at: instant, failures: fc.nat(9), nextAttempt: instant };
const flags = { unconfirmed: fc.constant(true as const), repeated: fc.constant(true as const) };
const optional = { requiredKeys: ["id", "channel", "at", "failures"] as const };

const transitions = fc
  .record({ ...common, ...flags }, { requiredKeys: [...optional.requiredKeys] })
  .chain((base) =>
    fc
      .record({ changes: fc.array(id), added: fc.nat(5), fixed: fc.nat(5), rule: fc.constantFrom("limit", "tag") })
      .map(({ rule, ...rest }): Pending => ({ ...base, ...rest, kind: "transitions", group: { rule, owner: "shop" } })),
  );
const digest = fc
  .record({ ...common, ...flags }, { requiredKeys: [...optional.requiredKeys] })
  .chain((base) =>
    fc.record({ since: instant, heldBack: fc.nat(5) }).map((rest): Pending => ({ ...base, ...rest, kind: "digest" })),
  );

const byChannel = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => (a < b ? -1 : a > b ? 1 : 0);

const state: fc.Arbitrary<SubscriptionState> = fc.record({
  cursor: fc.option(
    fc.record({
      through: instant,
      handled: fc
        .dictionary(fc.nat(99).map(String), fc.array(id, { minLength: 1 }))
        .map(
          (entries) =>
            new Map(Object.entries(entries).map(([key, ids]) => [start + Number(key) * 1_000, new Set(ids.sort())])),
        ),
    }),
    { nil: undefined },
  ),
  pending: fc.array(fc.oneof(transitions, digest), { maxLength: 4 }),
  sent: fc.array(fc.record({ at: instant, channel, group: id }), { maxLength: 4 }),
  heldBack: fc.array(fc.tuple(channel, fc.integer({ min: 1, max: 9 }))).map((list) => new Map(list.sort(byChannel))),
  told: fc.array(fc.tuple(channel, instant)).map((list) => new Map(list.sort(byChannel))),
  failing: fc.array(
    fc.record({
      channel,
      since: instant,
      reason: fc.constant("Timeout"),
      message: fc.string(),
      stalled: fc.boolean(),
    }),
    { maxLength: 2 },
  ),
  nextDigest: fc.option(instant, { nil: undefined }),
  baselineReport: fc.option(instant, { nil: undefined }),
  lastDelivery: fc.option(fc.record({ id, kind: fc.constant("digest" as const), channel, at: instant }), {
    nil: undefined,
  }),
  lastFailure: fc.option(
    fc.record({
      id,
      kind: fc.constant("digest" as const),
      channel,
      at: instant,
      reason: fc.constant("Timeout"),
      message: fc.string(),
    }),
    { nil: undefined },
  ),
});

test("what is written is read again, and is what our schema accepts", () => {
  fc.assert(
    fc.property(state, (value) => {
      const written = writeState(value);
      expect(ReportSubscriptionStatus.strict().safeParse(written).error).toBeUndefined();
      expect(writeState(readState(written))).toEqual(written);
      expect(readState(written).pending).toEqual(value.pending);
      expect(readState(written).cursor?.through).toBe(value.cursor?.through);
    }),
  );
});
