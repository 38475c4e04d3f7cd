/** One figure of a bench; `target` and `holds` only where something was promised. */
export interface Measurement {
  readonly metric: string;
  readonly value: number;
  readonly unit: string;
  /** `≤ 1.5`, `= 10` */
  readonly target?: string;
  readonly holds?: boolean;
}

export interface BenchOptions {
  /** Live objects to measure with, where a bench has a choice. */
  readonly objects: number | undefined;
  /** Decides what the objects look like. The same seed, the same objects. */
  readonly seed: number;
  /** Progress, for somebody who waits. */
  readonly say: (line: string) => void;
}

/** Measures one promise. Absolute times are as noisy as the machine: what is promised is a ratio within one run, or generous. */
export interface Bench {
  readonly name: string;
  /** What is measured, in one line. */
  readonly summary: string;
  run(options: BenchOptions): Promise<readonly Measurement[]>;
}

/** A figure without a promise. */
export function figure(metric: string, value: number, unit: string): Measurement {
  return { metric, value: rounded(value), unit };
}

export function atMost(metric: string, value: number, unit: string, limit: number): Measurement {
  return { metric, value: rounded(value), unit, target: `≤ ${limit}`, holds: value <= limit };
}

export function exactly(metric: string, value: number, unit: string, wanted: number): Measurement {
  return { metric, value: rounded(value), unit, target: `= ${wanted}`, holds: value === wanted };
}

/** Three digits say all there is to say. */
function rounded(value: number): number {
  if (Number.isInteger(value)) return value;
  return Number(value.toPrecision(Math.max(3, Math.trunc(Math.abs(value)).toString().length)));
}
