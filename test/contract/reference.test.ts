import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { describe, expect, test } from "vitest";
import type { z } from "zod";
import { kinds } from "../../src/api/kinds.ts";
import { reference } from "../../tools/generators/reference.ts";

const folder = join(import.meta.dirname, "../../tools/generators/examples");
const pages = [...(await reference.outputs()).values()];

describe.each(readdirSync(folder))("the example %s", (file) => {
  const text = readFileSync(join(folder, file), "utf8");
  const object = load(text) as { readonly kind: string };

  test("is an object of ours to the last field", () => {
    const schema = kinds.find(({ kind }) => kind === object.kind)?.schema as z.ZodType;

    expect(schema.parse(object)).toMatchObject(object);
  });

  test("stands in the reference", () => {
    expect(pages.some((page) => page.includes(text.trimEnd()))).toBe(true);
  });
});

test.each(kinds)("$kind has its short names and columns in the reference", ({ plural, shortNames, columns }) => {
  const page = pages.find((text) => text.includes(`\`${plural}.pawl.dev\``));

  for (const name of shortNames) expect(page).toContain(`\`${name}\``);
  for (const { name } of columns) expect(page).toContain(`| ${name.toUpperCase()} |`);
});
