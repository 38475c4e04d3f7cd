import { describe, expect, test } from "vitest";
import { PolicyBook } from "../../src/operator/policy-book.ts";
import { PolicyRun } from "../../src/operator/policy-run.ts";
import { ScanTimes } from "../../src/operator/scan-times.ts";
import { createLogger } from "../../src/telemetry/logger.ts";
import { createMetrics } from "../../src/telemetry/metrics.ts";
import { registry, release } from "../engine/samples.ts";
import { policyObject } from "./policy-object.ts";

const at = (time: string) => Date.parse(`2026-11-21T${time}Z`);

/** Policies by name, each with its `spec.scan`; none of their schedules runs. */
function scanned(scans: Readonly<Record<string, { readonly schedule: string; readonly suspend?: boolean }>>) {
  const book = new PolicyBook(registry, { release });
  const runs = new Map<string, PolicyRun>();
  for (const [name, scan] of Object.entries(scans)) {
    book.upsert(policyObject({ name, uid: name, spec: { rules: { packs: ["recommended"] }, scan } }));
    runs.set(name, new PolicyRun(name));
  }
  const metrics = createMetrics({ version: "0.0.0", cluster: "", seriesCap: 2_000 });
  const logger = createLogger({ level: "error", destination: { write: (line) => expect.unreachable(line) } });
  const times = new ScanTimes({ book, runs, metrics, logger, onDue: (policy) => expect.unreachable(policy) });
  const end = (name: string, endedAt: number) => {
    const [run, policy] = [runs.get(name), book.get(name)?.inForce];
    if (run === undefined || policy === undefined) throw new Error(`${name} is not in force`);
    times.scanned(run, policy, endedAt);
    return run.nextScanTime;
  };
  return { times, runs, end };
}

describe("scans by schedule", () => {
  const hourly = { schedule: "0 * * * *" };

  test("share a pass with one that is wanted within the minute before them", () => {
    const { times } = scanned({ a: hourly, b: hourly, later: { schedule: "1 * * * *" } });
    expect(times.sharing(new Set(["a"]), at("09:59:30"))).toEqual(["a", "b"]);
  });

  test("do not share one that comes earlier", () => {
    const { times } = scanned({ a: hourly, b: hourly });
    expect(times.sharing(new Set(["a"]), at("09:58:59"))).toEqual(["a"]);
  });

  test("are not due again at the moment for which they were pulled forward", () => {
    const { times, end } = scanned({ a: hourly, b: hourly });
    times.sharing(new Set(["a"]), at("09:59:30"));
    expect(end("b", at("09:59:40"))).toBe(at("11:00:00"));
  });

  test("that did not share come when they are due", () => {
    const { times, end } = scanned({ a: hourly, b: hourly });
    times.sharing(new Set(["a"]), at("09:30:00"));
    expect(end("a", at("09:30:10"))).toBe(at("10:00:00"));
  });

  test("that are suspended share nothing, and have no next", () => {
    const { times, end } = scanned({ a: hourly, asleep: { ...hourly, suspend: true } });
    expect(times.sharing(new Set(["a"]), at("09:59:30"))).toEqual(["a"]);
    expect(end("asleep", at("09:59:40"))).toBeNull();
  });

  test("that nobody asked for and that are not due are in no pass", () => {
    const { times } = scanned({ a: hourly });
    expect(times.sharing(new Set(), at("09:30:00"))).toEqual([]);
  });
});
