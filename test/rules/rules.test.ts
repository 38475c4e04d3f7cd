import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createRegistry } from "../../src/engine/registry.ts";
import { rules } from "../../src/rules/index.generated.ts";
import { catalogue } from "./catalogue.ts";
import { catalogueEntryOf } from "./catalogue-entry.ts";
import { judge, readFixtures, sorted } from "./harness.ts";

const rulesFolder = join(import.meta.dirname, "../../src/rules");

describe.each(rules.map((rule) => [rule.id, rule] as const))("%s", (id, rule) => {
  const fixtures = readFixtures(id);

  it.each(fixtures.map((fixture) => [fixture.name, fixture] as const))("finds what %s expects", (_, fixture) => {
    const { found, problems } = judge(rule, fixture);
    expect(problems).toEqual([]);
    expect(found).toEqual(sorted(fixture.expect));
  });

  it("has fixtures that pass and fixtures that fail, named so", () => {
    const verdicts = new Set(fixtures.map(({ expect: expected }) => (expected.length === 0 ? "pass" : "fail")));
    const misnamed = fixtures.filter(
      ({ name, expect: { length } }) => !name.startsWith(length === 0 ? "pass-" : "fail-"),
    );
    expect(verdicts).toEqual(new Set(["pass", "fail"]));
    expect(misnamed.map(({ name }) => name)).toEqual([]);
  });

  it("produces each of its messages in some fixture", () => {
    const produced = new Set(fixtures.flatMap(({ expect: expected }) => expected.map(({ message }) => message)));
    expect([...produced].sort(), "messages that the fixtures produce").toEqual(Object.keys(rule.messages).sort());
  });

  it("fills in every placeholder of its messages", () => {
    const texts = fixtures.flatMap(({ expect: expected }) => expected.map(({ text }) => text));
    expect(texts.filter((text) => /\{\w+\}/.test(text))).toEqual([]);
  });

  it("lies in the file that its category and id name", () => {
    expect(existsSync(join(rulesFolder, rule.category, `${id}.ts`))).toBe(true);
  });

  it("has a title of at most 60 characters that is no sentence", () => {
    expect(rule.title.length).toBeLessThanOrEqual(60);
    expect(rule.title, "title: a capital first, no full stop").toMatch(/^[A-Z].*[^.]$/);
  });

  it("says why and how to fix in sentences", () => {
    expect(rule.why, "why: sentences, with a full stop").toMatch(/^[A-Za-z].*\.$/);
    expect(rule.fix, "fix: an instruction, with a full stop").toMatch(/^[A-Z].*\.$/);
  });

  it("says where to read on", () => {
    expect(rule.references.length, "references: at least one").toBeGreaterThan(0);
    expect(rule.references.filter((one) => !URL.canParse(one) || !one.startsWith("https://"))).toEqual([]);
  });

  it("describes each of its parameters", () => {
    const shape = "shape" in rule.params ? (rule.params.shape as Record<string, { description?: string }>) : {};
    const silent = Object.entries(shape).filter(([, field]) => !field.description);
    expect(
      silent.map(([name]) => name),
      'params without .describe("…")',
    ).toEqual([]);
  });

  it("takes no parameter that it does not know", () => {
    expect(rule.params.safeParse({ noSuchParameter: true }).success).toBe(false);
  });

  it("takes the parameters of its aliases", () => {
    const refused = (rule.aliases ?? []).filter(({ params }) => !rule.params.safeParse(params ?? {}).success);
    expect(refused).toEqual([]);
  });
});

describe("the rules together", () => {
  it("make a registry: unique ids, known packs, packs' parameters that are taken", () => {
    expect([...createRegistry(rules).rules.keys()]).toEqual(rules.map(({ id }) => id));
  });

  it("answer to each identifier of earlier tools once", () => {
    const aliases = rules.flatMap((rule) => (rule.aliases ?? []).map(({ id }) => id));
    expect(aliases.filter((alias, at) => aliases.indexOf(alias) !== at)).toEqual([]);
  });

  it("are what the catalogue says of them", () => {
    const listed = new Set(catalogue.map(({ id }) => id));
    const actual = rules.filter(({ id }) => listed.has(id)).map(catalogueEntryOf);
    expect(actual).toEqual(catalogue);
  });

  it("have no fixtures of a rule that is not there", () => {
    const folders = readdirSync(import.meta.dirname, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map(({ name }) => name).sort()).toEqual(rules.map(({ id }) => id));
  });
});
