import { encode } from "fast-png";
import type { PolicyTrend, TrendDay } from "../../formats/digest.ts";

/** A policy's row in the picture, in pixels; the picture is shown at half its size, sharp on dense screens. */
const rowHeight = 128;
const rowGap = 20;
/** The days that fit; a younger policy leaves room on the left. */
const slots = 35;
const slotWidth = 37;
const barGap = 5;
const axis = 2;
const width = slots * slotWidth;
/** Policies that get a row; a picture of more would be a wall. */
const maxRows = 5;

/** The page shines through; the others stand out by 3 : 1 or more from white and from what mail programs use as black. */
const palette: [number, number, number, number][] = [
  [0, 0, 0, 0],
  [0x76, 0x82, 0x90, 0xff],
  [0xdc, 0x4c, 0x3e, 0xff],
];
type Colour = 1 | 2;
const other: Colour = 1;
const serious: Colour = 2;

export interface TrendPicture {
  readonly png: Uint8Array;
  /** What it shows, for those who do not see it. */
  readonly alt: string;
  /** What its rows and colours stand for: there is no text in it. */
  readonly caption: string;
}

/**
 * One row a policy, in the order given, one column a day: open violations per 100 resources, those of severity Critical and High
 * below in red. All rows have one scale; there is no text. Same trend, same bytes. Undefined where there is nothing to show.
 */
export function trendImage(trend: readonly PolicyTrend[]): TrendPicture | undefined {
  const rows = trend.slice(0, maxRows).map(({ days }) => days.slice(-slots));
  const longest = Math.max(0, ...rows.map(({ length }) => length));
  if (longest < 2) return undefined;
  const highest = Math.max(...rows.flat().map(({ per100 }) => per100));
  const canvas = new Canvas(width, rows.length * (rowHeight + rowGap) - rowGap);
  rows.forEach((days, row) => {
    drawRow(canvas, row * (rowHeight + rowGap), days, highest);
  });
  return { png: canvas.png(), alt: altOf(trend, rows.length, longest), caption: captionOf(trend, rows.length) };
}

function drawRow(canvas: Canvas, top: number, days: readonly TrendDay[], highest: number): void {
  const room = rowHeight - axis;
  const heightOf = (value: number) => (value === 0 ? 0 : Math.max(3, Math.round((value / highest) * room)));
  days.forEach(({ per100, seriousPer100 }, index) => {
    const left = (slots - days.length + index) * slotWidth;
    const all = heightOf(per100);
    const below = Math.min(heightOf(seriousPer100), all);
    canvas.fill(left, top + room - all, slotWidth - barGap, all - below, other);
    canvas.fill(left, top + room - below, slotWidth - barGap, below, serious);
  });
  canvas.fill(0, top + room, width, axis, other);
}

function altOf(trend: readonly PolicyTrend[], rows: number, days: number): string {
  const courses = trend.slice(0, rows).flatMap(({ policy, days: all }) => {
    const [first, last] = [all[0], all.at(-1)];
    return first === undefined || last === undefined ? [] : [`${policy} from ${first.per100} to ${last.per100}`];
  });
  return `Open violations per 100 resources over ${days} days: ${courses.join(", ")}`;
}

function captionOf(trend: readonly PolicyTrend[], rows: number): string {
  const policies = trend.slice(0, rows).map(({ policy }) => policy);
  const order = policies.length > 1 ? `From the top: ${policies.join(", ")}. ` : "";
  return `${order}Red: critical and high.`;
}

/** One byte a pixel, which says its colour. */
class Canvas {
  readonly #width: number;
  readonly #height: number;
  readonly #data: Uint8Array;

  constructor(width: number, height: number) {
    this.#width = width;
    this.#height = height;
    this.#data = new Uint8Array(width * height);
  }

  fill(left: number, top: number, width: number, height: number, colour: Colour): void {
    for (let y = top; y < top + height; y++) {
      const start = y * this.#width + left;
      this.#data.fill(colour, start, start + width);
    }
  }

  png(): Uint8Array {
    return encode({ width: this.#width, height: this.#height, data: this.#data, channels: 1, depth: 8, palette });
  }
}
