import type { Panel } from "../board.ts";
import type { Point, Series } from "./answer.ts";
import { formatted, roundedTime } from "./format.ts";

/** One series as it is drawn. */
export interface Drawn {
  readonly series: Series;
  /** `#0969da` */
  readonly colour: string;
}

/** Pixels; left and below there is room for the figures. */
const [width, height, left, below] = [480, 170, 40, 20];

/** An SVG with the series as lines, or as bars around zero, over the time that they span. */
export function chart(drawn: readonly Drawn[], { kind, unit }: Panel, now: number): string {
  const points = drawn.flatMap(({ series }) => series.points);
  const since = Math.min(...points.map(({ at }) => at));
  const ticks = ticksOver(points.map(({ value }) => value));
  const [lowest = 0, highest = 1] = [ticks[0], ticks.at(-1)];
  const x = (at: number) => left + ((at - since) / Math.max(1, now - since)) * (width - left);
  const y = (value: number) => 6 + (1 - (value - lowest) / (highest - lowest)) * (height - below - 6);
  const scale: Scale = { x, y };
  const lines = ticks.map(
    (tick) =>
      `<line x1="${left}" x2="${width}" y1="${place(y(tick))}" y2="${place(y(tick))}" class="${tick === 0 ? "zero" : "grid"}"/>` +
      `<text x="${left - 6}" y="${place(y(tick) + 4)}" text-anchor="end">${formatted(tick, unit, now)}</text>`,
  );
  const times =
    `<text x="${left}" y="${height - 2}">${roundedTime(now - since)} ago</text>` +
    `<text x="${width}" y="${height - 2}" text-anchor="end">now</text>`;
  const shapes = drawn.map((one) => (kind === "bars" ? bars(one, scale) : line(one, scale)));
  return `<svg viewBox="0 0 ${width} ${height}" role="img">${lines.join("")}${times}${shapes.join("")}</svg>`;
}

interface Scale {
  readonly x: (at: number) => number;
  readonly y: (value: number) => number;
}

/** A value holds until the next is measured: nothing is drawn that was not seen. */
function line({ series, colour }: Drawn, { x, y }: Scale): string {
  const path = series.points.map(({ at, value }, nth) =>
    nth === 0 ? `M${place(x(at))} ${place(y(value))}` : `H${place(x(at))}V${place(y(value))}`,
  );
  return `<path d="${path.join("")}" fill="none" stroke="${colour}" stroke-width="2"/>`;
}

/** As many as can be told apart. */
const mostBars = 40;

function bars({ series: { points }, colour }: Drawn, { x, y }: Scale): string {
  const step = Math.ceil(points.length / mostBars);
  const shown: readonly Point[] = points.filter((_, nth) => (points.length - 1 - nth) % step === 0);
  return shown
    .filter(({ value }) => value !== 0)
    .map(({ at, value }) => {
      const [top, bottom] = [y(Math.max(0, value)), y(Math.min(0, value))];
      const size = `width="7" height="${place(bottom - top)}"`;
      return `<rect x="${place(x(at) - 7)}" y="${place(top)}" ${size} fill="${colour}"/>`;
    })
    .join("");
}

/** Round figures from the lowest value or zero to the highest: 0, 20, 40, 60. */
function ticksOver(values: readonly number[]): readonly number[] {
  const [lowest, highest] = [Math.min(0, ...values), Math.max(0, ...values)];
  const rough = Math.max(highest - lowest, 1e-9) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const [first, last] = [Math.floor(lowest / step), Math.max(Math.ceil(highest / step), 1)];
  return Array.from({ length: last - first + 1 }, (_, nth) => (first + nth) * step);
}

function place(pixels: number): string {
  return pixels.toFixed(1);
}
