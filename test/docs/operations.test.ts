import { expect, test } from "vitest";
import {
  degradedReasons,
  holeReasons,
  policyConditions,
  readyReasons,
  stalledReasons,
} from "../../src/api/conditions.ts";
import {
  subscriptionConditions,
  subscriptionDegradedReasons,
  subscriptionReadyReasons,
  subscriptionStalledReasons,
} from "../../src/api/report-subscription-conditions.ts";
import { metricTable } from "../../src/telemetry/metric-table.ts";
import { codeSpans } from "./markdown.ts";
import { pages } from "./pages.ts";

const page = pages.find(({ path }) => path === "docs/operations.md")?.text ?? "";
const spans = codeSpans(page);

test("the operations page says what every metric means", () => {
  const metrics = Object.values(metricTable).map(({ name }) => name);

  expect(metrics.filter((name) => !spans.includes(name))).toEqual([]);
});

test("the operations page says what every condition and reason means", () => {
  const words = spans.flatMap((span) => span.split(/[=,\s]+/));
  const tables = [
    ...[policyConditions, readyReasons, stalledReasons, degradedReasons, holeReasons],
    ...[subscriptionConditions, subscriptionReadyReasons, subscriptionStalledReasons, subscriptionDegradedReasons],
  ];
  const reasons = tables.flatMap((table) => Object.keys(table));

  expect(reasons.filter((reason) => !words.includes(reason))).toEqual([]);
});
