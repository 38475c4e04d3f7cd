import { expect, test } from "vitest";
import { stepInPieces, stepLedger } from "../../../src/engine/ledger/step.ts";
import { ledgerWith } from "./simulated-ledger.ts";

/** What is missing may have left the scope, and may have vanished: the evidence has to be asked. */
function inputWithGoneResources() {
  const ledger = ledgerWith({ "Deployment.apps/left": ["limit@a"], "Deployment.apps/deleted": ["limit@a"] });
  ledger.put("Deployment.apps/left", [], { outOfScope: true }).delete("Deployment.apps/deleted");
  const { now, policy, memory, baseline, report } = ledger;
  return { now, policy, memory, stored: { baseline, report }, evidence: ledger.evidence() };
}

test("a step that stops between its pieces asks the evidence for what it misses before its first stop only", () => {
  const input = inputWithGoneResources();
  let stopped = false;
  const asked: boolean[] = [];
  const outOfScope = (ref: string) => {
    asked.push(stopped);
    return input.evidence.outOfScope(ref);
  };
  const pieces = stepInPieces({ ...input, evidence: { ...input.evidence, outOfScope } });
  while (!pieces.next().done) stopped = true;

  expect(stopped).toBe(true);
  expect(new Set(asked)).toEqual(new Set([false]));
});

test("a step that stops between its pieces concludes what it would conclude without", () => {
  const input = inputWithGoneResources();
  const pieces = stepInPieces(input);
  let piece = pieces.next();
  while (!piece.done) piece = pieces.next();

  expect(piece.value).toEqual(stepLedger(input));
  expect(piece.value.counts.fixed).toBe(1);
});
