import { describe, expect, test } from "vitest";
import { faultsIn } from "../../tools/generators/faults.ts";
import { fillSection } from "../../tools/generators/section.ts";

describe("the table of faults", () => {
  test("takes from the name of a test what happens and what shows it", () => {
    const source = `
test("a leader that is killed is followed by another, shown by pawl_leader", async () => {});
describe("a watch", () => {
  fault(
    'that goes silent is opened anew, shown by pawl_watch_restarts_total{reason="silent"}',
    bounds,
  );
});
`;
    expect(faultsIn(source)).toEqual([
      { sentence: "a leader that is killed is followed by another", shownBy: "pawl_leader" },
      { sentence: "a watch that goes silent is opened anew", shownBy: 'pawl_watch_restarts_total{reason="silent"}' },
    ]);
  });

  test("refuses a fault that nothing shows", () => {
    expect(() => faultsIn('test("a mishap", () => {});')).toThrow(
      'a mishap: the name of a fault\'s test ends with ", shown by" and a metric',
    );
  });
});

describe("a generated section", () => {
  const page = "# Zoo\n\n<!-- section animals -->\nold\n<!-- end of section animals -->\n\nOpening hours\n";

  test("is replaced, and what people write round it stays", () => {
    const filled = fillSection(page, "animals", "the zoo", "Meow");

    expect(filled).toMatch(
      /^# Zoo\n\n<!-- section animals made by .* from the zoo\. .*-->\n\nMeow\n\n<!-- end of section/,
    );
    expect(filled).toMatch(/<!-- end of section animals -->\n\nOpening hours\n$/);
    expect(filled).not.toContain("old");
    expect(fillSection(filled, "animals", "the zoo", "Meow")).toBe(filled);
  });

  test("that the page does not have, or has twice, is refused", () => {
    expect(() => fillSection(page, "plants", "the zoo", "Green")).toThrow(
      "a page needs the section plants exactly once",
    );
    expect(() => fillSection(page + page, "animals", "the zoo", "Meow")).toThrow("exactly once");
  });
});
