import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BrokenJsonError, parseJson } from "../../src/kube/broken-json.ts";
import { ListParser } from "../../src/kube/list-parser.ts";

function parse(chunks: readonly Uint8Array[]): { items: unknown[]; envelope: unknown } {
  const parser = new ListParser();
  const items: unknown[] = [];
  for (const chunk of chunks) for (const item of parser.push(chunk)) items.push(parseJson(item));
  return { items, envelope: parser.envelope() };
}

/** Cuts bytes at the given places, wherever these lie. */
function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const at = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...at].map((start, i) => bytes.subarray(start, at[i] ?? bytes.length));
}

const list = (text: string): Uint8Array => Buffer.from(text);

describe("a list that arrives in pieces", () => {
  it("gives the same items and envelope as JSON.parse, wherever the pieces end and whatever the items hold", () => {
    const item = fc.dictionary(fc.string({ unit: "grapheme" }), fc.jsonValue());
    fc.assert(
      fc.property(
        fc.array(item),
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.boolean(),
        fc.boolean(),
        fc.array(fc.nat({ max: 5000 })),
        (items, metadata, metadataLast, pretty, places) => {
          const whole = metadataLast ? { kind: "items", items, metadata } : { kind: "items", metadata, items };
          const bytes = Buffer.from(JSON.stringify(whole, null, pretty ? 2 : 0));
          const read = parse(cut(bytes, places));
          const expected = JSON.parse(bytes.toString("utf8"));
          expect(read.items).toEqual(expected.items);
          expect(read.envelope).toEqual({ ...expected, items: [] });
        },
      ),
      { numRuns: 1000 },
    );
  });

  it("gives an item before the page has ended", () => {
    const parser = new ListParser();
    const items = [...parser.push(list('{"items":[{"a":1},{"b"'))];
    expect(items.map((item) => parseJson(item))).toEqual([{ a: 1 }]);
  });

  it("takes items: null for no items", () => {
    expect(parse([list('{"metadata":{"resourceVersion":"7"},"items":null}')])).toEqual({
      items: [],
      envelope: { metadata: { resourceVersion: "7" }, items: null },
    });
  });

  it("does not mistake a nested field named items for the list", () => {
    const read = parse([list('{"metadata":{"items":[{"x":1}]},"items":[{"items":[{"y":2}]}]}')]);
    expect(read.items).toEqual([{ items: [{ y: 2 }] }]);
  });

  it.each([
    ["inside an item", '{"items":[{"a":1},{"b'],
    ["between items", '{"items":[{"a":1},'],
    ["after the items", '{"items":[{"a":1}]'],
    ["at once", ""],
  ])("refuses a list that is cut short %s", (_, text) => {
    expect(() => parse([list(text)])).toThrow(BrokenJsonError);
  });

  it.each([
    ["a number", '{"items":[1]}'],
    ["a string", '{"items":["a"]}'],
    ["null", '{"items":[null]}'],
  ])("refuses %s as an item", (_, text) => {
    expect(() => parse([list(text)])).toThrow(BrokenJsonError);
  });

  it("refuses an item that is no JSON", () => {
    expect(() => parse([list('{"items":[{"a":}]}')])).toThrow(BrokenJsonError);
  });

  it("refuses a second list behind the first", () => {
    expect(() => parse([list('{"items":[]}{"items":[]}')])).toThrow(BrokenJsonError);
  });
});
