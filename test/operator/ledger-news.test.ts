import { describe, expect, test } from "vitest";
import type { Transition } from "../../src/engine/ledger/stored.ts";
import type { LedgerStep } from "../../src/engine/ledger/types.ts";
import { LedgerNews } from "../../src/operator/ledger-news.ts";
import { SimulatedLedger } from "../engine/ledger/simulated-ledger.ts";

const web = "Deployment.apps/web";

/** A step of a real ledger whose report holds one change, found in this very step. */
function found(): LedgerStep {
  const ledger = new SimulatedLedger();
  ledger.put(web).evaluate();
  return ledger.put(web, ["limit@a"]).evaluate();
}

/** What a step concludes when the one before it was stored, but its answer never arrived. */
function repeated(step: LedgerStep): LedgerStep {
  return { ...step, transitions: [] };
}

const rules = (transitions: readonly Transition[]) => transitions.map(({ rule, path }) => `${rule}@${path}`);

/** Past the first look, before anything was found. */
function quietNews(): LedgerNews {
  const news = new LedgerNews();
  news.take(new SimulatedLedger().put(web).evaluate());
  return news;
}

describe("what of a ledger is told", () => {
  test("is told once", () => {
    const news = quietNews();
    const step = found();
    expect(rules(news.take(step).transitions)).toEqual(["limit@a"]);
    expect(rules(news.take(repeated(step)).transitions)).toEqual([]);
  });

  test("is told by the next look, where the answer of a write was lost", () => {
    const { transitions, counted } = quietNews().take(repeated(found()));
    expect(rules(transitions)).toEqual(["limit@a"]);
    expect(rules(counted)).toEqual(["limit@a"]);
  });

  test("is told again after a restart, but not counted again", () => {
    const { transitions, counted } = new LedgerNews().take(repeated(found()));
    expect(rules(transitions)).toEqual(["limit@a"]);
    expect(counted).toEqual([]);
  });

  test("is told again where its Event could not be sent, but not counted again", () => {
    const news = quietNews();
    const step = found();
    news.keep(news.take(step).transitions);
    const { transitions, counted } = news.take(repeated(step));
    expect(rules(transitions)).toEqual(["limit@a"]);
    expect(counted).toEqual([]);
  });

  test("keeps that a Baseline was restored until everything is stored", () => {
    const news = quietNews();
    const step = found();
    news.baselineStored({ ...step, restored: true });
    expect(news.take(step).restored).toBe(true);
    expect(news.take(repeated(step)).restored).toBe(false);
  });
});
