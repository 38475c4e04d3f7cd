import { setTimeout as delay } from "node:timers/promises";
import { describe, test } from "vitest";
import { ApiStatusError } from "../../../tools/control-plane/index.ts";
import { useBench } from "../operator/bench.ts";
import { reportPath } from "../operator/judged.ts";
import { rounds } from "./length.ts";
import { MovingMetric } from "./moving-metric.ts";
import { Ordeal } from "./ordeal.ts";

const bench = useBench();

const replicas = () => [bench.operator];

const limits = { timeout: 240_000 };

describe.concurrent("a report", () => {
  test(
    'that somebody else writes all the time, as its Baseline, is written in the end, shown by pawl_report_writes_total{outcome="conflict"}',
    limits,
    async ({ task }) => {
      const ordeal = await Ordeal.begin(bench, "contested");
      const { judged, namespace } = ordeal;
      await using moving = new MovingMetric(task.name, replicas);
      for (const _ of rounds()) {
        const stop = new AbortController();
        const writers = [reportPath(namespace, judged.policy), judged.baselinePath(namespace)].map((path) =>
          annotateUntil(path, stop.signal),
        );
        for (let i = 0; i < 3; i++) await ordeal.change();
        await delay(2_000);
        stop.abort();
        await Promise.all(writers);
      }
      await ordeal.holds({ timeoutMs: 60_000 });
      moving.assertMoved();
    },
  );

  test(
    'that is deleted is written anew without a word, shown by pawl_report_writes_total{outcome="created"}',
    limits,
    async ({ task }) => {
      const ordeal = await Ordeal.begin(bench, "unreported");
      const { judged, namespace } = ordeal;
      await using moving = new MovingMetric(task.name, replicas);
      for (const { strikesAfterMs } of rounds()) {
        await judged.until(() => judged.report(namespace), { describe: "the report" });
        await ordeal.change();
        await delay(strikesAfterMs);
        await bench.request("DELETE", reportPath(namespace, judged.policy));
        await ordeal.change();
      }
      await ordeal.holds({ forgotten: true });
      moving.assertMoved();
    },
  );

  test(
    'whose Baseline is deleted gives it back, shown by pawl_report_writes_total{outcome="created"}',
    limits,
    async ({ task }) => {
      const ordeal = await Ordeal.begin(bench, "unbased");
      await using moving = new MovingMetric(task.name, replicas);
      for (const _ of rounds()) {
        await bench.request("DELETE", ordeal.judged.baselinePath(ordeal.namespace));
        await ordeal.judged.until(() => ordeal.judged.baseline(ordeal.namespace), { describe: "the Baseline" });
        await ordeal.change();
        await ordeal.told();
      }
      await ordeal.holds();
      moving.assertMoved();
    },
  );

  test("that somebody edits is put right, shown by pawl_report_writes_total", limits, async ({ task }) => {
    const ordeal = await Ordeal.begin(bench, "forged");
    const { judged, namespace } = ordeal;
    await using moving = new MovingMetric(task.name, replicas);
    for (const _ of rounds()) {
      await ordeal.change();
      const forged = { violating: [], summary: { new: 0, known: 0 } };
      await bench.request("PATCH", reportPath(namespace, judged.policy), forged, {
        contentType: "application/merge-patch+json",
      });
      await ordeal.change();
    }
    await ordeal.holds({ forgotten: true });
    moving.assertMoved();
  });
});

/** Writes an annotation of the object as fast as the API server takes it. */
async function annotateUntil(path: string, signal: AbortSignal): Promise<void> {
  for (let i = 0; !signal.aborted; i++) {
    const patch = { metadata: { annotations: { "example.com/touched": String(i) } } };
    try {
      await bench.request("PATCH", path, patch, { contentType: "application/merge-patch+json" });
    } catch (error) {
      // It is not there at this moment.
      if (!(error instanceof ApiStatusError && error.status === 404)) throw error;
    }
    await delay(10);
  }
}
