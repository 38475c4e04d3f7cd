import { describe, expect, test } from "vitest";
import { channelOf, channelsOf, filterFor } from "../../../src/notify/subscription/routing.ts";
import { specOf } from "./samples.ts";

const digest = { schedule: "@weekly" };
const routes = [
  { owner: "payments", channel: "#payments" },
  { owner: "shop", channel: "#platform" },
  { owner: "qa", channel: "#qa" },
];
const routed = (filter: object = {}) =>
  specOf({ sink: { slack: { secretRef: { name: "a" }, channel: "#platform", routes } }, digest, filter });

describe("routes", () => {
  test("name each channel once, the fallback first", () => {
    expect(channelsOf(routed())).toEqual(["#platform", "#payments", "#qa"]);
    expect(channelsOf(specOf({ digest }))).toEqual([""]);
  });

  test.each([
    ["payments", "#payments"],
    ["shop", "#platform"],
    ["strangers", "#platform"],
    [undefined, "#platform"],
  ])("lead %s to %s", (owner, channel) => {
    expect(channelOf(routed(), owner)).toBe(channel);
  });

  test("can name what nobody owns", () => {
    const slack = { secretRef: { name: "a" }, channel: "#a", routes: [{ owner: "unowned", channel: "#nobody" }] };
    expect(channelOf(specOf({ sink: { slack }, digest }), undefined)).toBe("#nobody");
  });
});

describe("what a channel is told", () => {
  test("is all that is selected where there is one channel", () => {
    const spec = specOf({ digest, filter: { policies: ["production"] } });
    expect(filterFor(spec, "")).toEqual({ policies: ["production"] });
  });

  test("is what its teams own, and for the fallback what no other channel has", () => {
    expect(filterFor(routed(), "#payments")).toEqual({ owners: { include: ["payments"] } });
    expect(filterFor(routed(), "#platform")).toEqual({ owners: { exclude: ["payments", "qa"] } });
  });

  test("is nothing where the filter leaves out all of its teams", () => {
    const spec = routed({ owners: { include: ["pay*", "shop"] } });
    expect(filterFor(spec, "#payments")).toEqual({ owners: { include: ["payments"] } });
    expect(filterFor(spec, "#qa")).toBeUndefined();
  });
});
