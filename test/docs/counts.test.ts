import { expect, test } from "vitest";
import { packNames } from "../../src/engine/packs.ts";
import { rules } from "../../src/rules/index.generated.ts";
import { pages } from "./pages.ts";

test.each(["README.md", "CHANGELOG.md"])("%s counts the rules and packs that there are", (path) => {
  const text = pages.find((page) => page.path === path)?.text ?? "";
  const counts = [...text.matchAll(/(\d+) (?:built-in )?(rules|packs)\b/g)].map(
    ([, count, what]) => `${count} ${what}`,
  );
  expect(new Set(counts)).toEqual(new Set([`${rules.length} rules`, `${packNames.length} packs`]));
});
