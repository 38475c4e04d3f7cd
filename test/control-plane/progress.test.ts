import { describe, expect, test } from "vitest";
import { withProgress } from "../../tools/control-plane/progress.ts";

describe("progress", () => {
  test("is told at the start, regularly with the step under way, and at the end", async () => {
    const said: string[] = [];
    const ticked = Promise.withResolvers<void>();
    const result = await withProgress(
      (line) => {
        said.push(line);
        if (said.length === 2) ticked.resolve();
      },
      "building etcd",
      async (step) => {
        step("compiling");
        await ticked.promise;
        return "built";
      },
      1,
    );
    expect(result).toBe("built");
    expect(said.slice(0, 2)).toEqual(["building etcd …", "building etcd: compiling (0 s)"]);
    expect(said.at(-1)).toBe("building etcd: done in 0 s");
  });

  test("ends without a word of success when the work fails", async () => {
    const said: string[] = [];
    const failing = withProgress(
      (line) => said.push(line),
      "building etcd",
      () => Promise.reject(new Error("no disk")),
    );
    await expect(failing).rejects.toThrow("no disk");
    expect(said).toEqual(["building etcd …"]);
  });
});
