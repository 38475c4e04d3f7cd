import { expect, test } from "vitest";
import { ledgerKey, parseLedgerKey } from "../../src/operator/ledger-key.ts";

test.each([
  ["a namespace", "production", "shop"],
  ["cluster-scoped resources", "production", ""],
])("the key of the ledger of %s reads back", (_of, policy, namespace) => {
  expect(parseLedgerKey(ledgerKey(policy, namespace))).toEqual({ policy, namespace });
});

test("no two ledgers share a key", () => {
  const keys = [ledgerKey("a", "b-c"), ledgerKey("a-b", "c"), ledgerKey("a", ""), ledgerKey("a-b", "")];
  expect(new Set(keys).size).toBe(keys.length);
});
