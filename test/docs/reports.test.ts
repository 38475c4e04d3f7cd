import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { pages, root } from "./pages.ts";

const path = "docs/reports.md";
const page = pages.find((one) => one.path === path)?.text ?? "";
const block = /(?<=^<!-- (test\/formats\/golden\/\S+) -->\n```text\n).*?(?=^```$)/gms;

test("the page about digests shows messages of every kind", () => {
  expect([...page.matchAll(block)].map(([, file]) => file)).toEqual(
    ["digest", "baseline", "transitions", "adopted"].map((name) => `test/formats/golden/${name}.txt`),
  );
});

// With -u the page is brought up to date, after the golden files.
test("the page about digests shows golden files as they are", async () => {
  const shown = page.replaceAll(block, (_, file: string) => readFileSync(join(root, file), "utf8"));

  await expect(shown).toMatchFileSnapshot(join(root, path));
});
