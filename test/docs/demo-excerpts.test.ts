import { describe, expect, test } from "vitest";
import { ExcerptError, refreshExcerpts } from "./demo-excerpts.ts";

const transcript = `1. A cluster

It is up.

$ kubectl get fruit
NAME     COLOUR
apple    red
lemon    yellow
lime     green

What a table it is.

$ kubectl apply -f pear.yaml
$ kubectl get fruit
NAME     COLOUR
pear     green
`;

const page = (...lines: readonly string[]) => `# Fruit\n\n\`\`\`console\n${lines.join("\n")}\n\`\`\`\n\nSweet.\n`;

describe("excerpts of the demo", () => {
  test("show the whole output of a command", () => {
    expect(refreshExcerpts(page("$ kubectl get fruit", "NAME   OLD"), transcript)).toBe(
      page("$ kubectl get fruit", "NAME     COLOUR", "apple    red", "lemon    yellow", "lime     green"),
    );
  });

  test("show as many first and last lines as the page does around what is left out", () => {
    expect(refreshExcerpts(page("$ kubectl get fruit", "a", "b", "…", "c"), transcript)).toBe(
      page("$ kubectl get fruit", "NAME     COLOUR", "apple    red", "…", "lime     green"),
    );
  });

  test("may end with what is left out", () => {
    expect(refreshExcerpts(page("$ kubectl get fruit", "a", "…"), transcript)).toBe(
      page("$ kubectl get fruit", "NAME     COLOUR", "…"),
    );
  });

  test("leave nothing out where nothing is left", () => {
    expect(refreshExcerpts(page("$ kubectl apply -f pear.yaml", "…"), transcript)).toBe(
      page("$ kubectl apply -f pear.yaml"),
    );
  });

  test("take a command that was run twice in the order in which the demo ran it", () => {
    const twice = page("$ kubectl apply -f pear.yaml", "$ kubectl get fruit");

    expect(refreshExcerpts(twice, transcript)).toBe(
      page("$ kubectl apply -f pear.yaml", "$ kubectl get fruit", "NAME     COLOUR", "pear     green"),
    );
  });

  test("change nothing outside of blocks of the demo", () => {
    const other = "```sh\n$ kubectl get fruit\n```\n\n$ kubectl get fruit\n";

    expect(refreshExcerpts(other, transcript)).toBe(other);
  });

  test.each([
    ["never", "$ kubectl get vegetables"],
    ["only before what the page has shown already", "$ kubectl apply -f pear.yaml"],
  ])("are refused where the demo runs a command %s", (_when, command) => {
    const both = page("$ kubectl get fruit", "$ kubectl get fruit", command);

    expect(() => refreshExcerpts(both, transcript)).toThrow(
      new ExcerptError(`the demo does not run this, or not at this point: ${command}`),
    );
  });
});
