import { describe, expect, test } from "vitest";
import { parseSubscriptionSpec } from "../../src/api/parse-subscription-spec.ts";
import { badSubscriptionSpecs, goodSubscriptionSpecs } from "./subscription-spec-cases.ts";

describe("the spec of a ReportSubscription", () => {
  test.each(goodSubscriptionSpecs)("with $title is understood", ({ spec }) => {
    expect(parseSubscriptionSpec(spec)).toMatchObject({ ok: true, spec });
  });

  test("gets its defaults", () => {
    expect(parseSubscriptionSpec(goodSubscriptionSpecs[1]?.spec)).toEqual({
      ok: true,
      spec: {
        sink: { slack: { secretRef: { name: "pawl-slack" } } },
        filter: {},
        immediate: { groupBy: "OwnerAndRule", wait: "60s", interval: "5m", maxPerHour: 10 },
        suspend: false,
      },
    });
  });

  test.each(badSubscriptionSpecs)("with $because is refused by field", ({ spec, problem }) => {
    expect(parseSubscriptionSpec(spec)).toEqual({ ok: false, problems: [problem] });
  });
});
