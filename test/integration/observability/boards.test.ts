import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sayOnStderr } from "../../../tools/control-plane/progress.ts";
import { manifests, policyName, root } from "../../../tools/demo/manifests.ts";
import { boards } from "../../../tools/generators/grafana.ts";
import type { Board, Panel, Query } from "../../../tools/observability/board.ts";
import { overview } from "../../../tools/observability/boards/overview.ts";
import type { Answers, Series } from "../../../tools/observability/picture/answer.ts";
import { boardPage } from "../../../tools/observability/picture/board-page.ts";
import { lookAt, openBrowser } from "../../../tools/pictures/browser.ts";
import { waitFor } from "../cluster.ts";
import { useBench } from "../operator/bench.ts";
import { Judged } from "../operator/judged.ts";
import { container, deployment, policy } from "../operator/objects.ts";
import { setScene } from "../operator/scene.ts";
import { RunningPrometheus } from "./running-prometheus.ts";

/** `UPDATE_PICTURES=1` writes the picture of the overview into docs/images. */
const update = process.env.UPDATE_PICTURES === "1";

/** The demo's, over its namespaces alone: the bench has others. */
const demoPolicy = {
  match: { namespaces: { include: ["legacy", "payments", "shop"] } },
  rules: { packs: ["recommended", "pss-baseline"] },
};

const bench = useBench();

let prometheus: RunningPrometheus;
let chosen: Readonly<Record<string, string>>;

const team = "payments";

/** Of another image than the others, so that none of them is what it was under another name. */
const old = (namespace: string) =>
  deployment({
    name: "old",
    namespace,
    labels: { team },
    containers: [container("app", { image: "registry.example.com/old:1.0" })],
  });

/** A policy with something Known, something New and something fixed, scraped often enough for rates. */
beforeAll(async () => {
  const { namespace, judged } = await setScene(bench, {
    prefix: "board",
    before: (within) => [deployment({ name: "web", namespace: within }), old(within)],
  });
  chosen = { policy: namespace, namespace, owner: team };
  prometheus = await RunningPrometheus.start({ targets: [bench.operator.metricsAddress], rules: [] });
  await untilScraped();
  await bench.apply(deployment({ name: "worse", namespace, labels: { team } }));
  await bench.delete(old(namespace));
  await bench.apply(deployment({ name: "gone", namespace }));
  await judged.untilCounts(namespace, { new: 2, known: 1, fixed: 1 });
  await bench.delete(deployment({ name: "gone", namespace }));
  await judged.untilCounts(namespace, { new: 1, known: 1, fixed: 1 });
  await untilScraped();
});

afterAll(() => prometheus?.dispose());

/** Two scrapes more than there were, or as many as given. */
async function untilScraped(more = 2): Promise<void> {
  const scrapes = async () => Number((await prometheus.query("count_over_time(up[1h])"))[0]?.value[1] ?? 0);
  const before = await scrapes();
  await waitFor(scrapes, { describe: `${more} more scrapes`, until: (now) => now >= before + more });
}

describe.each(boards.map((board) => [board.title, board] as const))("the board %s", (_, board) => {
  const panels = board.rows.flatMap((row) => row.panels);
  const queries = panels.flatMap((panel) =>
    panel.queries.map((query): [string, Panel, Query] => [panel.title, panel, query]),
  );

  test.each(queries)("%s: is answered with data, or says why there may be none", async (_title, panel, query) => {
    const result = await prometheus.query(filledIn(query.expr));
    if (panel.emptyWhen === undefined) expect(result).not.toEqual([]);
    const labels = [...query.legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label);
    for (const { metric } of result) expect(Object.keys(metric)).toEqual(expect.arrayContaining(labels));
  });

  test.each(board.variables.map((variable) => [variable.label, variable] as const))(
    "lists what can be chosen as %s",
    async (_label, { of, from }) => {
      const values = (await prometheus.query(filledIn(of))).map(({ metric }) => metric[from]);
      expect(values).toContain(chosen[from]);
    },
  );
});

test("the overview of what the demo shows can be drawn for the documentation", async () => {
  // Long enough for a picture, where one is made, and short enough that no rule joins later, as those do that need siblings.
  const pause = update ? 14 : 2;
  const apply = (...names: readonly (keyof typeof manifests)[]) =>
    bench.kubectl(["apply", ...names.map((name) => `--filename=${join(root, manifests[name])}`)]);
  const judged = new Judged(bench, policyName);
  await apply("namespaces", "payments", "shop", "legacy");
  await bench.apply(policy(policyName, demoPolicy));
  await judged.untilScanned();
  const start = Date.now() / 1000;
  await untilScraped(pause);
  await apply("newDeployment");
  await judged.untilCounts("shop", { new: 5 });
  await untilScraped(pause);
  await apply("fixedDeployment");
  await judged.untilCounts("shop", { new: 5, fixed: 5 });
  await untilScraped(pause);

  const now = Date.now() / 1000;
  const selected = { policy: policyName };
  const answers = await answersTo(overview, { chosen: selected, start, now });
  await using browser = await openBrowser(process.env, sayOnStderr);
  const page = boardPage(overview, answers, { chosen: selected, now });
  const { tooWide, faint, loaded, picture } = await lookAt(browser, page, { width: 1000, scheme: "light" });

  expect({ tooWide, faint, loaded }).toEqual({ tooWide: [], faint: [], loaded: [] });
  expect(page).not.toContain("Empty:");
  if (update) writeFileSync(join(root, "docs/images/board-overview.png"), picture);
});

interface Asked {
  readonly chosen: Readonly<Record<string, string>>;
  /** Seconds since 1970. */
  readonly start: number;
  readonly now: number;
}

/** Each query as Grafana asks it: of now for figures and tables, over the time shown for what has a course. */
async function answersTo(board: Board, { chosen: selected, start, now }: Asked): Promise<Answers> {
  const answers = new Map<Query, readonly Series[]>();
  for (const { kind, queries } of board.rows.flatMap(({ panels }) => panels)) {
    const instant = kind === "stat" || kind === "table";
    for (const query of queries) {
      const expr = filledIn(query.expr, selected);
      const found = instant
        ? (await prometheus.query(expr)).map(({ metric, value }) => ({ metric, values: [value] }))
        : await prometheus.queryRange(expr, start, now);
      const series = found.map(({ metric, values }) => ({
        labels: metric,
        points: values.map(([at, value]) => ({ at, value: Number(value) })),
      }));
      answers.set(query, series);
    }
  }
  return answers;
}

/** As Grafana sends it. */
function filledIn(expr: string, selected: Readonly<Record<string, string>> = chosen): string {
  return expr.replaceAll(/\$(\w+)/g, (_, name: string) => {
    const value = selected[name];
    if (value === undefined) throw new Error(`no variable is called ${name}`);
    return value;
  });
}
