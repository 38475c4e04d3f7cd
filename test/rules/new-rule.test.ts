import { stripTypeScriptTypes } from "node:module";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { rules } from "../../src/rules/index.generated.ts";
import { indexOf, ruleFiles } from "../../tools/generators/rules-index.ts";
import { ruleScaffold } from "../../tools/rule-scaffold.ts";

const present = await ruleFiles(join(import.meta.dirname, "../../src/rules"));

function started(category: string, id: string) {
  const scaffold = ruleScaffold(category, id, present);
  if (!scaffold.ok) throw new Error(scaffold.problem);
  return scaffold;
}

describe("a new rule", () => {
  it("begins with files of its own", () => {
    expect([...started("network", "no-new-thing").files.keys()]).toEqual([
      "src/rules/network/no-new-thing.ts",
      "test/rules/no-new-thing/fail-deployment.yaml",
      "test/rules/no-new-thing/pass-deployment.yaml",
    ]);
  });

  it("begins as a module that runs", () => {
    const module = started("network", "no-new-thing").files.get("src/rules/network/no-new-thing.ts") ?? "";
    expect(stripTypeScriptTypes(module)).toContain('id: "no-new-thing"');
  });

  it("is in the index from the start, where the tests of rules look for it", () => {
    const [path, content] = started("network", "no-new-thing").index;
    const order = rules
      .map(({ id }) => id)
      .concat("no-new-thing")
      .sort();
    expect(path).toBe("src/rules/index.generated.ts");
    expect([...content.matchAll(/^import .* from "\.\/[\w-]+\/([\w-]+)\.ts";$/gm)].map(([, id]) => id)).toEqual(order);
  });

  it.each([
    ["networks", "no-new-thing", "no category is called networks"],
    ["network", "No_Thing", "No_Thing is no rule id"],
    ["network", "../escape", "../escape is no rule id"],
    ["network", "memory-limit", "there is a rule of that name: src/rules/resources/memory-limit.ts"],
  ])("is refused as %s %s", (category, id, reason) => {
    expect(ruleScaffold(category, id, present)).toEqual({ ok: false, problem: expect.stringContaining(reason) });
  });
});

describe("the index of rules", () => {
  it("lists every file below src/rules", () => {
    expect(rules.map(({ category, id }) => ({ category, id }))).toEqual(present);
  });

  it("imports each rule under its own name", () => {
    const index = indexOf([
      { category: "host", id: "no-host-path" },
      { category: "images", id: "no-latest-tag" },
    ]);
    expect(index).toContain('import { rule as noHostPath } from "./host/no-host-path.ts";');
    expect(index).toContain("[\n  noHostPath,\n  noLatestTag,\n]");
  });
});
