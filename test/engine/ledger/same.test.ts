import fc from "fast-check";
import { expect, test } from "vitest";
import { onlyResourcesChanged, same } from "../../../src/engine/ledger/same.ts";
import { ledgerWith } from "./simulated-ledger.ts";

const value = fc.oneof(
  fc.jsonValue(),
  fc.dictionary(fc.string(), fc.jsonValue()).map((fields) => new Map(Object.entries(fields))),
);

test("a value is the same as its copy", () => {
  fc.assert(fc.property(value, (one) => same(one, structuredClone(one))));
});

test.each([
  [{ a: 1 }, { a: 1, b: undefined }, true],
  [{ a: 1 }, { a: 1, b: null }, false],
  [{ a: 1 }, { b: 1 }, false],
  [{ a: undefined }, {}, true],
  [{ a: [1, 2] }, { a: [2, 1] }, false],
  [[1], [1, undefined], false],
  [[], {}, false],
  [new Map([["a", 1]]), new Map([["a", 1]]), true],
  [new Map([["a", 1]]), new Map([["b", 1]]), false],
  [new Map(), {}, false],
  [new Map([["a", undefined]]), new Map([["b", undefined]]), false],
  [null, {}, false],
  ["1", 1, false],
])("%o and %o: %o", (a, b, expected) => {
  expect(same(a, b)).toBe(expected);
  expect(same(b, a)).toBe(expected);
});

test("the number of resources, and score and grade with it, is a change of resources only", () => {
  const ledger = ledgerWith({ "Deployment.apps/web": ["limit@a"] });
  const before = ledger.report;
  ledger.put("Deployment.apps/api").evaluate();
  const more = ledger.report;
  ledger.put("Deployment.apps/api", ["limit@a"]).evaluate();
  const worse = ledger.report;
  if (before === undefined || more === undefined || worse === undefined) throw new Error("there is no report");
  expect(more).not.toEqual(before);
  expect(onlyResourcesChanged(before, more)).toBe(true);
  expect(onlyResourcesChanged(more, worse)).toBe(false);
});
