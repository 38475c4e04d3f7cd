import { describe, expect, it } from "vitest";
import { boards } from "../../tools/generators/grafana.ts";
import { grafanaDashboard } from "../../tools/observability/grafana.ts";

interface Place {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

interface Dashboard {
  readonly uid: string;
  readonly panels: readonly { readonly id: number; readonly type: string; readonly gridPos: Place }[];
}

describe.each(boards.map((board) => [board.id, board] as const))("the board %s", (_, board) => {
  const dashboard = grafanaDashboard(board, "Generated.") as Dashboard;

  it("numbers its panels", () => {
    expect(dashboard.panels.map(({ id }) => id)).toEqual(dashboard.panels.map((_panel, at) => at + 1));
  });

  it("puts each panel where no other is, and fills each row", () => {
    const squares = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_square, at) => `${x + (at % w)},${y + Math.floor(at / w)}`),
    );
    const height = Math.max(...dashboard.panels.map(({ gridPos: { y, h } }) => y + h));
    expect(new Set(squares).size).toBe(squares.length);
    expect(squares.length).toBe(24 * height);
  });

  it("asks only for what the reader can choose", () => {
    const known = board.variables.map(({ name }) => name);
    const queries = board.rows.flatMap(({ panels }) => panels.flatMap((panel) => panel.queries));
    const asked = queries.flatMap(({ expr }) => [...expr.matchAll(/\$(\w+)/g)].map(([, name]) => name));
    expect(asked.filter((name) => name === undefined || !known.includes(name))).toEqual([]);
  });

  it("never sums over policies, which overlap", () => {
    const queries = board.rows.flatMap(({ panels }) => panels.flatMap((panel) => panel.queries));
    const ofPolicies = queries.map(({ expr }) => expr).filter((expr) => /pawl_(rule_)?violations/.test(expr));
    expect(ofPolicies.filter((expr) => !expr.includes('policy="$policy"'))).toEqual([]);
  });
});

it("no two boards have the same address", () => {
  const addresses = boards.map((board) => (grafanaDashboard(board, "") as Dashboard).uid);
  expect(new Set(addresses).size).toBe(boards.length);
});
