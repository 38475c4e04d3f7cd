import type { Board, Panel, Row, Variable } from "./board.ts";

/** Grafana's dashboard model, as far as it is used here; schema version 39, which Grafana 10.4 and later read. */
const schemaVersion = 39;

const datasource = { type: "prometheus", uid: "$datasource" };

const columns = 24;

/** A board as Grafana imports it. `description` goes before the board's own: JSON has no comments. */
export function grafanaDashboard(board: Board, description: string): object {
  return {
    uid: `pawl-${board.id}`,
    title: board.title,
    description: `${board.description} ${description}`,
    tags: ["pawl"],
    schemaVersion,
    version: 1,
    editable: true,
    graphTooltip: 1,
    refresh: "1m",
    time: { from: "now-7d", to: "now" },
    timezone: "",
    links: [
      {
        title: "Pawl",
        type: "dashboards",
        tags: ["pawl"],
        asDropdown: true,
        includeVars: true,
        keepTime: true,
        icon: "external link",
        targetBlank: false,
        tooltip: "",
        url: "",
      },
    ],
    templating: {
      list: [
        { name: "datasource", label: "Data source", type: "datasource", query: "prometheus", hide: 0, refresh: 1 },
        ...board.variables.map(variable),
      ],
    },
    annotations: { list: [] },
    panels: panels(board.rows),
  };
}

function variable({ name, label, of, from }: Variable): object {
  const query = `label_values(${of}, ${from})`;
  return {
    name,
    label,
    type: "query",
    datasource,
    definition: query,
    query: { query, refId: name },
    refresh: 2,
    sort: 1,
    multi: false,
    includeAll: false,
    hide: 0,
  };
}

function panels(rows: readonly Row[]): object[] {
  const all: object[] = [];
  let y = 0;
  for (const { title, height, panels: side } of rows) {
    all.push({
      id: all.length + 1,
      type: "row",
      title,
      collapsed: false,
      panels: [],
      gridPos: { x: 0, y, w: columns, h: 1 },
    });
    y += 1;
    // What does not divide evenly goes to the first ones, so that the row is filled.
    let x = 0;
    for (const [at, one] of side.entries()) {
      const w = Math.floor(columns / side.length) + (at < columns % side.length ? 1 : 0);
      all.push({ id: all.length + 1, gridPos: { x, y, w, h: height }, ...panel(one) });
      x += w;
    }
    y += height;
  }
  return all;
}

const types = { stat: "stat", timeseries: "timeseries", bars: "timeseries", table: "table" } as const;

function panel({ kind, title, tells, unit, queries, thresholds = [] }: Panel): object {
  const instant = kind === "stat" || kind === "table";
  return {
    type: types[kind],
    title,
    description: tells,
    datasource,
    targets: queries.map(({ expr, legend }, at) => ({
      refId: String.fromCharCode("A".charCodeAt(0) + at),
      datasource,
      expr,
      legendFormat: legend,
      editorMode: "code",
      instant,
      range: !instant,
      ...(kind === "table" ? { format: "table" } : {}),
    })),
    fieldConfig: {
      defaults: {
        unit,
        noValue: "0",
        ...(kind === "bars" ? { custom: { drawStyle: "bars", fillOpacity: 80 } } : {}),
        ...(kind === "timeseries" ? { custom: { drawStyle: "line", fillOpacity: 10, showPoints: "never" } } : {}),
        ...(thresholds.length === 0
          ? {}
          : {
              color: { mode: "thresholds" },
              thresholds: {
                mode: "absolute",
                // Grafana wants the first step without a value.
                steps: thresholds.map(({ from, colour }, at) => ({ color: colour, value: at === 0 ? null : from })),
              },
            }),
      },
      overrides: kind === "bars" ? [] : severityColours(queries.map(({ legend }) => legend)),
    },
    options: options(kind, thresholds.length > 0),
    ...(kind === "table" ? { transformations: tableColumns } : {}),
  };
}

function options(kind: Panel["kind"], coloured: boolean): object {
  switch (kind) {
    case "stat":
      return {
        colorMode: coloured ? "background" : "value",
        graphMode: "none",
        reduceOptions: { calcs: ["lastNotNull"], fields: "", values: false },
      };
    case "table":
      return { showHeader: true, cellHeight: "sm" };
    default:
      return {
        legend: { displayMode: "list", placement: "bottom", showLegend: true },
        tooltip: { mode: "multi", sort: "desc" },
      };
  }
}

/** A table has one column per label, and the number last; when it was measured is now. */
const tableColumns = [{ id: "organize", options: { excludeByName: { Time: true }, renameByName: { Value: "count" } } }];

/** The same severity has the same colour on every board. */
export const colourOfSeverity = { critical: "purple", high: "red", medium: "orange", low: "yellow" } as const;

function severityColours(legends: readonly string[]): object[] {
  if (!legends.includes("{{severity}}")) return [];
  return Object.entries(colourOfSeverity).map(([severity, fixedColor]) => ({
    matcher: { id: "byName", options: severity },
    properties: [{ id: "color", value: { mode: "fixed", fixedColor } }],
  }));
}
