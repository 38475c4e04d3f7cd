import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { type SettingDefinition, settingsTable } from "../../src/settings/table.ts";
import { codeOf, codeSpans } from "./markdown.ts";
import { guides, pages, root } from "./pages.ts";

const rooms = readdirSync(join(root, "src"));
/** Whether they are there depends on what was run before. */
const made = ["coverage", "dist", "node_modules"];
const folders = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !entry.name.startsWith(".") && !made.includes(entry.name))
  .map(({ name }) => name);
const targets = [...readFileSync(join(root, "Makefile"), "utf8").matchAll(/^([a-z0-9-]+):/gm)].map(
  ({ 1: target = "" }) => target,
);
const flags = Object.values<SettingDefinition>(settingsTable).map(({ flag }) => `--${flag}`);

/** Words of code that are paths: from the root of the repository, or from `src`. */
function pathsIn(page: string): readonly string[] {
  const words = codeOf(page).flatMap((code) => code.split(/[\s"'()=,;]+/));
  const path = new RegExp(`^(?:${[...folders, ...rooms].join("|")})/[\\w./-]*$`);
  // A name that ends in a dot ends a sentence.
  return words.map((word) => word.replace(/[.:]$/, "")).filter((word) => path.test(word));
}

function exists(path: string): boolean {
  const [first = ""] = path.split("/");
  return existsSync(join(root, path)) || (rooms.includes(first) && existsSync(join(root, "src", path)));
}

function wordsAfter(command: string, page: string): readonly string[] {
  const named = new RegExp(`\\b${command} ([a-z][a-z0-9:-]*)`, "g");
  return codeOf(page).flatMap((code) => [...code.matchAll(named)].map(({ 1: word = "" }) => word));
}

test("pages name paths and targets of make, so that there is something to check", () => {
  expect(pages.flatMap(({ text }) => pathsIn(text)).length).toBeGreaterThan(20);
  expect(pages.flatMap(({ text }) => wordsAfter("make", text)).length).toBeGreaterThan(2);
});

describe.each(pages)("$path", ({ text }) => {
  test("names only files and folders that exist", () => {
    expect(pathsIn(text).filter((path) => !exists(path))).toEqual([]);
  });

  test("names only targets of make that exist", () => {
    expect(wordsAfter("make", text).filter((target) => !targets.includes(target))).toEqual([]);
  });

  test("names only npm scripts that exist", () => {
    expect(wordsAfter("npm run", text).filter((script) => !Object.hasOwn(manifest.scripts, script))).toEqual([]);
  });

  test("holds no path of somebody's machine", () => {
    expect(text).not.toMatch(/(?<![\w.-])\/(?:home|root|Users|tmp|work)\//);
  });
});

test.each(guides)("$path names only flags of the operator that exist", ({ text }) => {
  const named = codeSpans(text).filter((code) => /^--[a-z-]+$/.test(code));

  expect(named.filter((flag) => !flags.includes(flag))).toEqual([]);
});

test("the architecture names every room", () => {
  const page = pages.find(({ path }) => path === "docs/architecture.md");
  const named = codeSpans(page?.text ?? "");

  expect(rooms.filter((room) => !named.includes(room))).toEqual([]);
});
