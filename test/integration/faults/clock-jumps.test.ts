import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { findLibfaketime } from "../../../tools/debian/libfaketime.ts";
import { waitFor } from "../cluster.ts";
import { useBench } from "../operator/bench.ts";
import { Kubelet } from "./kubelet.ts";
import { duration, rounds } from "./length.ts";
import { MovingMetric } from "./moving-metric.ts";
import { Ordeal } from "./ordeal.ts";

const bench = useBench({ operator: false });

const hour = 3_600;

test("a clock of the operator that jumps an hour ahead and two back changes nothing else, shown by pawl_watch_last_activity_timestamp_seconds", {
  timeout: duration({ shortMs: 180_000, soakMs: 1_200_000 }),
}, async ({ task, skip }) => {
  const libfaketime = findLibfaketime(process.env);
  if ("absent" in libfaketime) return skip(`no clock can be made to jump: ${libfaketime.absent}`);
  const offset = join(bench.plane.dir, "clock-offset");
  const set = (seconds: number) => writeFileSync(offset, `${seconds < 0 ? "" : "+"}${seconds}`);
  set(0);
  await using kubelet = await Kubelet.keep(bench, 1, {
    env: {
      LD_PRELOAD: libfaketime.path,
      FAKETIME_TIMESTAMP_FILE: offset,
      // Seconds for which it trusts the file.
      FAKETIME_CACHE_DURATION: "1",
      // As on a real machine, whose monotonic clock knows nothing of the time of day.
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
    },
  });
  const ordeal = await Ordeal.begin(bench, "jumps");
  await using moving = new MovingMetric(task.name, () => kubelet.replicas);
  const leader = await kubelet.leader();
  /** Seconds by which the operator's clock is ahead of ours, as its metrics tell. */
  const ahead = async (): Promise<number> => {
    const samples = await leader.metrics();
    const stamps = samples.filter(({ name }) => name === "pawl_watch_last_activity_timestamp_seconds");
    return Math.max(...stamps.map(({ value }) => value)) - Date.now() / 1_000;
  };

  for (const { strikesAfterMs } of rounds()) {
    await ordeal.change();
    await delay(strikesAfterMs);
    set(hour);
    // Again and again: what is heard in the second before the file is read anew is stamped with the old time.
    await waitFor(
      async () => {
        await ordeal.change();
        return await ahead();
      },
      { describe: "the clock to be an hour ahead", until: (seconds) => seconds > hour - 60, everyMs: 1_000 },
    );
    await delay(duration({ shortMs: 0, soakMs: 60_000 }));
    set(-hour);
    await ordeal.change();
    await ordeal.judged.scan();
    await delay(duration({ shortMs: 0, soakMs: 60_000 }));
    expect(await leader.metric("pawl_leader")).toBe(1);
  }

  await ordeal.holds();
  const { changedAt } = (await ordeal.judged.report(ordeal.namespace)) ?? {};
  expect(Math.abs(Date.parse(changedAt ?? "") - Date.now())).toBeLessThan(
    duration({ shortMs: 60_000, soakMs: 300_000 }),
  );
  expect(kubelet.endings).toEqual([]);
  moving.assertMoved();
});
