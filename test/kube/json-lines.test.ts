import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BrokenJsonError, parseJson } from "../../src/kube/broken-json.ts";
import { JsonLines } from "../../src/kube/json-lines.ts";

function parsed(lines: Iterable<Uint8Array>): readonly unknown[] {
  return [...lines].map((line) => parseJson(line));
}

describe("lines of JSON that arrive in pieces", () => {
  it("are the same values, wherever the pieces end", () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.array(fc.nat({ max: 3000 })), (values, places) => {
        const bytes = Buffer.from(values.map((value) => `${JSON.stringify(value)}\n`).join(""));
        const at = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
        const lines = new JsonLines();
        const read = [0, ...at].flatMap((start, i) => parsed(lines.push(bytes.subarray(start, at[i] ?? bytes.length))));
        lines.end();
        expect(read).toEqual(JSON.parse(JSON.stringify(values)));
      }),
      { numRuns: 1000 },
    );
  });

  it("keep a character whose bytes come in two pieces", () => {
    const bytes = Buffer.from('"Grüße 🚢"\n');
    const lines = new JsonLines();
    const read = [...bytes].flatMap((byte) => parsed(lines.push(Uint8Array.of(byte))));
    expect(read).toEqual(["Grüße 🚢"]);
  });

  it("ignore empty lines", () => {
    expect(parsed(new JsonLines().push(Buffer.from('\n{"a":1}\n\r\n')))).toEqual([{ a: 1 }]);
  });

  it("are refused when the stream ends inside one", () => {
    const lines = new JsonLines();
    expect(parsed(lines.push(Buffer.from('{"a":1}\n{"b"')))).toEqual([{ a: 1 }]);
    expect(() => lines.end()).toThrow(BrokenJsonError);
  });
});
