import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Measurement } from "./bench.ts";

const folder = join(import.meta.dirname, "out");

/** Writes what a bench measured to `bench/out/<name>.json`; returns the path. */
export function writeResults(name: string, measurements: readonly Measurement[]): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.json`);
  writeFileSync(path, `${JSON.stringify(measurements, null, 2)}\n`);
  return path;
}

/** The figures as a table for a terminal. */
export function tableOf(measurements: readonly Measurement[]): string {
  const rows = measurements.map(({ metric, value, unit, target = "", holds }) => [
    metric,
    value.toLocaleString("en-US", { maximumFractionDigits: 6 }),
    unit,
    target,
    holds === undefined ? "" : holds ? "holds" : "MISSED",
  ]);
  const all = [["METRIC", "VALUE", "UNIT", "TARGET", ""], ...rows];
  const width = (column: number) => Math.max(...all.map((row) => row[column]?.length ?? 0));
  const widths = [0, 1, 2, 3].map(width);
  return all
    .map((row) =>
      row
        .map((cell, column) => (column === 1 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
        .join("   ")
        .trimEnd(),
    )
    .join("\n");
}
