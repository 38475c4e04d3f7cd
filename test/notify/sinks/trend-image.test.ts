import { createHash } from "node:crypto";
import { decode } from "fast-png";
import { describe, expect, it } from "vitest";
import type { PolicyTrend } from "../../../src/formats/digest.ts";
import { trendImage } from "../../../src/notify/sinks/trend-image.ts";

function trend(policy: string, days: readonly (readonly [per100: number, seriousPer100: number])[]): PolicyTrend {
  return {
    policy,
    days: days.map(([per100, seriousPer100], index) => ({
      date: `2026-10-${String(index + 1).padStart(2, "0")}`,
      open: per100 * 10,
      serious: seriousPer100 * 10,
      resources: 1000,
      per100,
      seriousPer100,
    })),
  };
}

const falling = trend("production", [
  [40, 10],
  [30, 10],
  [20, 0],
]);

/** Pixels of each colour in the column of a day, counted from the last, above the axis. */
function column(png: Uint8Array, fromLast: number) {
  const { width, height, data } = decode(png);
  const x = width - 37 * (fromLast + 1) + 10;
  const pixels = Array.from({ length: height - 2 }, (_, y) => data[y * width + x]);
  const count = (colour: number) => pixels.filter((pixel) => pixel === colour).length;
  return { through: count(0), grey: count(1), red: count(2) };
}

function pictureOf(policies: readonly PolicyTrend[]) {
  const picture = trendImage(policies);
  if (picture === undefined) throw new Error("expected a picture");
  return picture;
}

describe("the picture of the trend", () => {
  it("has a column for each day, the highest as high as the picture, with the serious part in red", () => {
    const { png } = pictureOf([falling]);
    expect(column(png, 2)).toEqual({ red: 32, grey: 94, through: 0 });
    expect(column(png, 0)).toEqual({ red: 0, grey: 63, through: 63 });
    expect(column(png, 3)).toEqual({ red: 0, grey: 0, through: 126 });
  });

  it("shows the last 35 days", () => {
    const days = Array.from({ length: 40 }, (_, index) => [index < 5 ? 99 : 1, 0] as const);
    expect(column(pictureOf([trend("production", days)]).png, 34)).toMatchObject({ grey: 126 });
  });

  it("says the same in words", () => {
    expect(
      pictureOf([
        falling,
        trend("staging", [
          [5, 5],
          [7.5, 0],
        ]),
      ]).alt,
    ).toBe("Open violations per 100 resources over 3 days: production from 40 to 20, staging from 5 to 7.5");
  });

  it("comes with a caption that says what its rows and colours stand for", () => {
    const rising: readonly (readonly [number, number])[] = [
      [5, 5],
      [7.5, 0],
    ];
    expect(pictureOf([falling]).caption).toBe("Red: critical and high.");
    expect(pictureOf([falling, trend("staging", rising)]).caption).toBe(
      "From the top: production, staging. Red: critical and high.",
    );
  });

  it("is the same bytes each time, and few of them", () => {
    const many = Array.from({ length: 12 }, (_, index) =>
      trend(
        `p${index}`,
        Array.from({ length: 35 }, (_, day) => [day % 9, day % 4]),
      ),
    );
    const hash = (png: Uint8Array) => createHash("sha256").update(png).digest("hex");
    const { png } = pictureOf(many);
    expect(hash(png)).toBe(hash(pictureOf(many).png));
    expect(png.byteLength).toBeLessThan(25_000);
  });

  it.each<[string, readonly PolicyTrend[]]>([
    ["no policy", []],
    ["a single day", [trend("production", [[1, 0]])]],
  ])("of %s is none", (_, policies) => {
    expect(trendImage(policies)).toBeUndefined();
  });

  it("of a cluster without violations is an empty axis", () => {
    expect(
      column(
        pictureOf([
          trend("production", [
            [0, 0],
            [0, 0],
          ]),
        ]).png,
        0,
      ),
    ).toEqual({ red: 0, grey: 0, through: 126 });
  });
});
