import { describe, expect, test } from "vitest";
import type { Board, Panel, Query } from "../../tools/observability/board.ts";
import type { Series } from "../../tools/observability/picture/answer.ts";
import { boardPage } from "../../tools/observability/picture/board-page.ts";
import { formatted, roundedTime } from "../../tools/observability/picture/format.ts";

const now = 1_795_248_000;

function series(labels: Readonly<Record<string, string>>, ...values: readonly number[]): Series {
  return { labels, points: values.map((value, nth) => ({ at: now - (values.length - 1 - nth) * 60, value })) };
}

/** A board of that one panel, drawn. */
function drawn(panel: Partial<Panel> & Pick<Panel, "kind">, legend: string, found: readonly Series[]): string {
  const query: Query = { expr: "up", legend };
  const whole: Panel = { title: "Title", tells: "", unit: "short", queries: [query], ...panel };
  const board: Board = {
    id: "one",
    title: "One",
    description: "",
    variables: [{ name: "policy", label: "Policy", of: "up", from: "policy" }],
    rows: [{ title: "Row", height: 5, panels: [whole] }],
  };
  return boardPage(board, new Map([[query, found]]), { chosen: { policy: "production" }, now });
}

describe("the picture of a board", () => {
  test("says what was chosen, and that it is not Grafana's", () => {
    const page = drawn({ kind: "stat" }, "New", [series({}, 1)]);
    expect(page).toContain("Policy: <b>production</b>");
    expect(page).toContain("Grafana draws it in its own way");
  });

  test("gives a figure the colour of the last threshold that it has reached", () => {
    const thresholds = [
      { from: 0, colour: "red" },
      { from: 50, colour: "green" },
    ] as const;
    const colours = [49, 50].map(
      (value) => /background: (#\w+)">/.exec(drawn({ kind: "stat", thresholds }, "", [series({}, value)]))?.[1],
    );
    expect(colours).toEqual(["#cf222e", "#1a7f37"]);
  });

  test("has a line for each series, which holds its value until the next one", () => {
    const page = drawn({ kind: "timeseries" }, "{{severity}}", [
      series({ severity: "high" }, 10, 10, 5),
      series({ severity: "low" }, 0, 0, 0),
    ]);
    expect([...page.matchAll(/<\/i>(\w+)<\/li>/g)].map(([, name]) => name)).toEqual(["high", "low"]);
    expect([...page.matchAll(/<path d="([^"]+)" fill="none" stroke="([^"]+)"/g)].map(([, d, at]) => [d, at])).toEqual([
      ["M40.0 6.0H260.0V6.0H480.0V78.0", "#cf222e"],
      ["M40.0 150.0H260.0V150.0H480.0V150.0", "#d4a72c"],
    ]);
    expect(page).toContain(">2 minutes ago</text>");
  });

  test("draws bars from zero, upwards and downwards, and none for nothing", () => {
    const page = drawn({ kind: "bars" }, "{{way}}", [series({ way: "found" }, 0, 4), series({ way: "fixed" }, 0, -4)]);
    const [up, down, ...more] = [...page.matchAll(/<rect x="\S+" y="(\S+)" width="7" height="(\S+)"/g)];
    expect(up?.slice(1)).toEqual(["6.0", "72.0"]);
    expect(down?.slice(1)).toEqual(["78.0", "72.0"]);
    expect(more).toEqual([]);
  });

  test("lists labels and values, with markup in them as it is written", () => {
    const page = drawn({ kind: "table" }, "", [series({ namespace: "<b>shop", severity: "high" }, 3)]);
    expect(page).toContain("<th>namespace</th><th>severity</th><th>count</th>");
    expect(page).toContain("<td>&#60;b&#62;shop</td>");
    expect(page).toContain("<td>high</td><td>3</td>");
  });

  test("says why there may be nothing", () => {
    expect(drawn({ kind: "table", emptyWhen: "nothing is New" }, "", [])).toContain("Empty: nothing is New.");
  });
});

test.each([
  [0.925, "percentunit", "92.5 %"],
  [(now - 90) * 1000, "dateTimeFromNow", "2 minutes ago"],
  [0.0042, "s", "4.2 ms"],
  [75, "s", "75 s"],
  [12_300_000, "bytes", "12.3MB"],
  [3.14, "reqps", "3.1/s"],
  [1234, "short", "1.2K"],
  [7, "none", "7"],
] as const)("%d in the unit %s is written %s", (value, unit, text) => {
  expect(formatted(value, unit, now)).toBe(text);
});

test.each([
  [0, "0 seconds"],
  [1, "1 second"],
  [3_600, "1 hour"],
  [7 * 86_400, "7 days"],
])("%d seconds are %s", (seconds, text) => {
  expect(roundedTime(seconds)).toBe(text);
});
