import type { Board, Panel } from "../board.ts";
import { colourOfSeverity } from "../grafana.ts";
import { type Answers, nameOf, newest, type Series } from "./answer.ts";
import { chart } from "./chart.ts";
import { formatted } from "./format.ts";

export interface BoardPageOptions {
  /** What the reader has chosen: `{ policy: "production" }`. */
  readonly chosen: Readonly<Record<string, string>>;
  /** Seconds since 1970. */
  readonly now: number;
}

/**
 * A board as a page, for pictures in the documentation: the same panels in the same places as in Grafana, drawn by us from what
 * Prometheus has answered. It says so at its foot.
 */
export function boardPage(board: Board, answers: Answers, { chosen, now }: BoardPageOptions): string {
  const variables = board.variables.map(({ name, label }) => `${label}: <b>${escaped(chosen[name] ?? "")}</b>`);
  const rows = board.rows.map(
    ({ title, panels }) =>
      `<h2>${escaped(title)}</h2><section style="grid-template-columns: repeat(${panels.length}, 1fr)">${panels
        .map((panel) => panelHtml(panel, answers, now))
        .join("")}</section>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><style>${styles}</style></head><body>
<header><h1>${escaped(board.title)}</h1><p>${variables.join(" · ")}</p></header>
${rows.join("\n")}
<footer>Drawn by tools/observability/picture from what Prometheus answered to the queries of this board. Grafana draws it in its own way.</footer>
</body></html>
`;
}

/** One series, and the name and unit that its query gives it. */
interface Named {
  readonly name: string;
  readonly series: Series;
}

function panelHtml(panel: Panel, answers: Answers, now: number): string {
  const found = panel.queries.flatMap((query) =>
    (answers.get(query) ?? []).map((series): Named => ({ series, name: nameOf(series, query.legend) })),
  );
  const body = found.length === 0 ? nothing(panel) : bodies[panel.kind](panel, found, now);
  return `<article class="${panel.kind}"><h3>${escaped(panel.title)}</h3>${body}</article>`;
}

function nothing({ emptyWhen = "no answer" }: Panel): string {
  return `<p class="empty">Empty: ${escaped(emptyWhen)}.</p>`;
}

const bodies: Readonly<Record<Panel["kind"], (panel: Panel, found: readonly Named[], now: number) => string>> = {
  stat: (panel, found, now) =>
    found
      .map(({ series }) => {
        const value = newest(series) ?? 0;
        const step = panel.thresholds?.findLast(({ from }) => value >= from);
        const [colour, background] = step === undefined ? ["inherit", "inherit"] : ["#ffffff", shades[step.colour]];
        const look = `color: ${colour}; background: ${background}`;
        const text = formatted(value, panel.unit, now);
        return `<p class="${text.length > 8 ? "figure long" : "figure"}" style="${look}">${text}</p>`;
      })
      .join(""),
  table: (panel, found, now) => {
    const columns = [...new Set(found.flatMap(({ series }) => Object.keys(series.labels)))].sort();
    const head = [...columns, "count"].map((column) => `<th>${escaped(column)}</th>`).join("");
    const rows = found.map(({ series }) => {
      const cells = columns.map((column) => `<td>${escaped(series.labels[column] ?? "")}</td>`);
      return `<tr>${cells.join("")}<td>${formatted(newest(series) ?? 0, panel.unit, now)}</td></tr>`;
    });
    return `<table><tr>${head}</tr>${rows.join("")}</table>`;
  },
  timeseries: graph,
  bars: graph,
};

function graph(panel: Panel, found: readonly Named[], now: number): string {
  const drawn = found.map((one, nth) => ({ ...one, colour: colourOf(one.name, nth) }));
  const legend = drawn.map(({ name, colour }) => `<li><i style="background: ${colour}"></i>${escaped(name)}</li>`);
  return `${chart(drawn, panel, now)}<ul>${legend.join("")}</ul>`;
}

/** Dark enough for white letters. */
const shades = {
  green: "#1a7f37",
  yellow: "#9a6700",
  orange: "#bc4c00",
  red: "#cf222e",
  purple: "#8250df",
} as const;
/** Lines may be brighter, and have to be told apart. */
const strokes = { ...shades, yellow: "#d4a72c", orange: "#e16f24" } as const;
const others = ["#0969da", "#1a7f37", "#bf3989", "#57606a", "#1b7c83", "#953800"] as const;

function colourOf(name: string, nth: number): string {
  const severity = (Object.keys(colourOfSeverity) as (keyof typeof colourOfSeverity)[]).find((one) => one === name);
  return severity === undefined ? (others[nth % others.length] ?? others[0]) : strokes[colourOfSeverity[severity]];
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

const styles = `
body { margin: 0; padding: 16px; background: #f0f2f5; color: #1f2328; font: 14px/1.4 "DejaVu Sans", sans-serif; }
header { display: flex; justify-content: space-between; align-items: baseline; }
h1, h2, h3, p, ul { margin: 0; }
h1 { font-size: 20px; }
h2 { margin: 14px 0 6px; font-size: 15px; }
h3 { padding: 8px 10px 4px; font-size: 13px; font-weight: 600; }
section { display: grid; gap: 8px; }
article { display: flex; flex-direction: column; overflow: hidden; border: 1px solid #d0d7de; border-radius: 4px; background: #ffffff; }
.figure { flex: 1; padding: 18px 6px; font-size: 26px; font-weight: 700; text-align: center; line-height: 1.2; }
.long { font-size: 17px; line-height: 31px; }
.empty { padding: 12px 10px; color: #57606a; }
svg { display: block; padding: 0 10px; }
svg text { font-size: 11px; fill: #57606a; }
.grid { stroke: #eaeef2; } .zero { stroke: #8c959f; }
ul { display: flex; gap: 16px; padding: 6px 10px 10px; list-style: none; font-size: 12px; }
i { display: inline-block; width: 12px; height: 4px; margin-right: 6px; vertical-align: middle; }
table { margin: 0 10px 10px; border-collapse: collapse; font-size: 13px; }
th, td { padding: 4px 6px; border-bottom: 1px solid #eaeef2; text-align: left; }
th:last-child, td:last-child { text-align: right; }
footer { margin-top: 14px; color: #57606a; font-size: 12px; }
`;
