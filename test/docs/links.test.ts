import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, test } from "vitest";
import { anchors, links } from "./markdown.ts";
import { pages, root } from "./pages.ts";

const inside = pages.map(({ path, text }) => ({
  path,
  text,
  targets: links(text).filter((target) => !/^[a-z]+:/.test(target)),
}));

test("pages link to each other", () => {
  expect(inside.flatMap(({ targets }) => targets).length).toBeGreaterThan(0);
});

describe.each(inside)("in $path", ({ path, text, targets }) => {
  test("every link leads to a file of the repository", () => {
    const missing = targets.filter((target) => {
      const [file = ""] = target.split("#");
      return file !== "" && !existsSync(join(root, dirname(path), file));
    });

    expect(missing).toEqual([]);
  });

  test("every link to a heading finds it", () => {
    const missing = targets.filter((target) => {
      const [file = "", anchor] = target.split("#");
      if (anchor === undefined) return false;
      const page = file === "" ? text : readFileSync(join(root, normalize(join(dirname(path), file))), "utf8");
      return !anchors(page).has(anchor);
    });

    expect(missing).toEqual([]);
  });
});
