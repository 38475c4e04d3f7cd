import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { boards } from "../../../tools/generators/grafana.ts";
import type { Panel, Query } from "../../../tools/observability/board.ts";
import { waitFor } from "../cluster.ts";
import { useBench } from "../operator/bench.ts";
import { container, deployment } from "../operator/objects.ts";
import { setScene } from "../operator/scene.ts";
import { RunningPrometheus } from "./running-prometheus.ts";

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

/** Two scrapes more than there were. */
async function untilScraped(): Promise<void> {
  const scrapes = async () => Number((await prometheus.query("count_over_time(up[1h])"))[0]?.value[1] ?? 0);
  const before = await scrapes();
  await waitFor(scrapes, { describe: "two more scrapes", until: (now) => now >= before + 2 });
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

/** As Grafana sends it. */
function filledIn(expr: string): string {
  return expr.replaceAll(/\$(\w+)/g, (_, name: string) => {
    const value = chosen[name];
    if (value === undefined) throw new Error(`no variable is called ${name}`);
    return value;
  });
}
