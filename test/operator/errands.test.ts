import { describe, expect, test } from "vitest";
import { Errands } from "../../src/operator/errands.ts";
import { createLogger } from "../../src/telemetry/logger.ts";

function listening(isOver: () => boolean) {
  const lines: string[] = [];
  const logger = createLogger({ level: "error", destination: { write: (line) => void lines.push(line) } });
  return { errands: new Errands(logger, isOver), lines };
}

describe("work beside a scan", () => {
  test("is waited for at the end", async () => {
    const { errands } = listening(() => false);
    const work = Promise.withResolvers<void>();
    errands.add(work.promise);
    let settled = false;
    const end = errands.settled().then(() => {
      settled = true;
    });
    await Promise.resolve();
    expect(settled).toBe(false);

    work.resolve();
    await end;
    expect(settled).toBe(true);
  });

  test("that fails is told of, and holds nothing up", async () => {
    const { errands, lines } = listening(() => false);
    errands.add(Promise.reject(new Error("refused")));
    await errands.settled();
    expect(lines.join("")).toContain("refused");
  });

  test("that fails because nobody leads any more is not told of", async () => {
    const { errands, lines } = listening(() => true);
    errands.add(Promise.reject(new Error("aborted")));
    await errands.settled();
    expect(lines).toEqual([]);
  });
});
