import { expect, it } from "vitest";
import { rules } from "../../src/rules/index.generated.ts";
import { datreeIdentifiers } from "./datree-identifiers.ts";

it.each(datreeIdentifiers)("exactly one rule answers to %s", (identifier) => {
  const answering = rules.filter(({ aliases = [] }) => aliases.some(({ id }) => id === identifier));
  expect(answering.map(({ id }) => id)).toHaveLength(1);
});

it("no rule answers to an identifier that Datree never had", () => {
  const answered = rules.flatMap(({ aliases = [] }) => aliases.map(({ id }) => id));
  expect(answered.filter((id) => !datreeIdentifiers.includes(id))).toEqual([]);
});
