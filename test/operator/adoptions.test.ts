import { describe, expect, test } from "vitest";
import type { AdoptedFinds, StoredBaseline } from "../../src/engine/ledger/stored.ts";
import { Adoptions } from "../../src/operator/adoptions.ts";

const adoptedAt = Date.parse("2026-11-21T07:25:00Z");
const now = adoptedAt + 60_000;
const never = Number.NEGATIVE_INFINITY;

function rules(adopted: Readonly<Record<string, Partial<AdoptedFinds> | undefined>>): StoredBaseline["rules"] {
  return new Map(
    Object.entries(adopted).map(([rule, finds]) => [
      rule,
      {
        revision: 1,
        params: "",
        ...(finds === undefined ? {} : { adopted: { at: adoptedAt, violations: 1, resources: 1, ...finds } }),
      },
    ]),
  );
}

const limit = rules({ limit: {} });

describe("rules that are adopted", () => {
  test("are told with what all Baselines say, once none has adopted more for four seconds", () => {
    const adoptions = new Adoptions(never);
    adoptions.look("shop", rules({ limit: { violations: 2 } }), false, 1_000);
    adoptions.look("blog", rules({ limit: { at: adoptedAt + 2_000, violations: 3, resources: 2 } }), false, 3_000);
    expect(adoptions.take(6_999, now)).toEqual([]);
    expect(adoptions.take(7_000, now)).toEqual([
      { rule: "limit", at: "2026-11-21T07:25:02Z", violations: 5, resources: 3, namespaces: 2 },
    ]);
  });

  test("wait for ledgers whose inventory rules have still to hold", () => {
    const adoptions = new Adoptions(never);
    adoptions.look("shop", limit, true, 0);
    expect(adoptions.take(60_000, now)).toEqual([]);
    adoptions.look("shop", limit, false, 60_000);
    expect(adoptions.take(60_000, now)).toHaveLength(1);
  });

  test("do not wait for a ledger that is no more", () => {
    const adoptions = new Adoptions(never);
    adoptions.look("shop", limit, false, 0);
    adoptions.look("blog", limit, true, 0);
    adoptions.forget("blog");
    expect(adoptions.take(4_000, now)).toHaveLength(1);
  });

  test("are told once, by id, under the instant of the last", () => {
    const adoptions = new Adoptions(never);
    const both = rules({ tag: { at: adoptedAt + 1_000 }, limit: {} });
    adoptions.look("shop", both, false, 0);
    const told = adoptions.take(4_000, now);
    expect(told.map(({ rule, at }) => [rule, at])).toEqual([
      ["limit", "2026-11-21T07:25:01Z"],
      ["tag", "2026-11-21T07:25:01Z"],
    ]);
    adoptions.look("shop", both, false, 5_000);
    expect(adoptions.take(60_000, now)).toEqual([]);
  });

  test("are told again where one of them is adopted anew", () => {
    const adoptions = new Adoptions(never);
    adoptions.look("shop", limit, false, 0);
    adoptions.take(4_000, now);
    adoptions.look("shop", rules({ limit: { at: adoptedAt + 30_000, violations: 7 } }), false, 30_000);
    expect(adoptions.take(34_000, now)).toMatchObject([{ rule: "limit", violations: 7 }]);
  });

  test("are not held up by ledgers that adopt nothing more", () => {
    const adoptions = new Adoptions(never);
    adoptions.look("shop", limit, false, 0);
    adoptions.look("shop", limit, false, 3_999);
    expect(adoptions.take(4_000, now)).toHaveLength(1);
  });

  test("wait after a restart until every ledger was looked at", () => {
    const adoptions = new Adoptions(never);
    adoptions.look("shop", limit, false, 0);
    adoptions.look("blog", rules({ limit: undefined }), false, 3_000);
    expect(adoptions.take(4_000, now)).toEqual([]);
    expect(adoptions.take(7_000, now)).toHaveLength(1);
  });
});

describe("nobody is told", () => {
  test("of what an earlier leader has told", () => {
    const adoptions = new Adoptions(adoptedAt);
    adoptions.look("shop", limit, false, 0);
    expect(adoptions.take(4_000, now)).toEqual([]);
  });

  test("of what was adopted a week ago", () => {
    const adoptions = new Adoptions(never);
    adoptions.look("shop", limit, false, 0);
    expect(adoptions.take(4_000, adoptedAt + 7 * 86_400_000)).toEqual([]);
  });

  test("of a rule that found nothing", () => {
    const adoptions = new Adoptions(never);
    adoptions.look("shop", rules({ limit: undefined }), false, 0);
    expect(adoptions.take(4_000, now)).toEqual([]);
  });
});
