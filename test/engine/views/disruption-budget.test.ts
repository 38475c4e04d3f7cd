import { describe, expect, it } from "vitest";
import { budgetSelector } from "../../../src/engine/views/disruption-budget.ts";
import { viewResource } from "../../../src/engine/views/resource-view.ts";

function selector(apiVersion: string, spec: object) {
  const view = viewResource({ apiVersion, kind: "PodDisruptionBudget", metadata: { name: "checkout" }, spec });
  if (view === undefined) throw new Error("the object says nothing");
  return budgetSelector(view);
}

const everything = { labels: new Map(), expressions: [] };
const checkout = { labels: new Map([["app", "checkout"]]), expressions: [] };

describe("the selector of a disruption budget", () => {
  it.each(["policy/v1", "policy/v1beta1"])("is what is written in %s", (apiVersion) => {
    expect(selector(apiVersion, { selector: { matchLabels: { app: "checkout" } } })).toEqual(checkout);
  });

  it("covers everything when it is empty", () => {
    expect(selector("policy/v1", { selector: {} })).toEqual(everything);
  });

  it("covered nothing when it was empty in policy/v1beta1", () => {
    expect(selector("policy/v1beta1", { selector: {} })).toBeUndefined();
  });

  it.each([{}, { selector: null }, { selector: [] }])("covers nothing in %j", (spec) => {
    expect(selector("policy/v1", spec)).toBeUndefined();
    expect(selector("policy/v1beta1", spec)).toBeUndefined();
  });
});
