import { describe, expect, it } from "vitest";
import { alertingRule } from "../../tools/generators/prometheus.ts";
import { alerts } from "../../tools/observability/alerts.ts";

describe.each(alerts.map((alert) => [alert.name, alert] as const))("%s", (_, alert) => {
  it("names in its summary only labels that its expression keeps", () => {
    const named = [...alert.summary.matchAll(/\$labels\.(\w+)/g)].map(([, label]) => label);
    const kept = [...alert.expr(alert.window).matchAll(/by \(([^)]*)\)/g)].flatMap(([, list = ""]) => list.split(", "));
    expect(named.filter((label) => label === undefined || !kept.includes(label))).toEqual([]);
  });

  it("looks back as far as it is told to", () => {
    const rule = alertingRule(alert, { window: "7s", for: "0s" });
    expect(rule).toMatchObject({ alert: alert.name, expr: alert.expr("7s"), for: "0s" });
  });

  it("tells what to look at and what to do", () => {
    expect(alert.runbook.diagnosis.length).toBeGreaterThan(0);
    expect(alert.runbook.actions.length).toBeGreaterThan(0);
  });
});

it("no two alerts have the same name", () => {
  expect(new Set(alerts.map(({ name }) => name)).size).toBe(alerts.length);
});

it("a window that is no duration of one unit is refused", () => {
  const overdue = alerts.find(({ name }) => name === "PawlScanOverdue");
  expect(() => overdue?.expr("1h30m")).toThrow("not a duration of one unit: 1h30m");
});
