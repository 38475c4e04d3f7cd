import { describe, expect, test } from "vitest";
import project from "../../../package.json" with { type: "json" };
import { codeBlocks } from "../../docs/markdown.ts";
import { pages } from "../../docs/pages.ts";
import { rendered } from "./helm.ts";

interface DocumentedCommand {
  /** `docs/install.md:12 helm install pawl …` */
  readonly at: string;
  readonly words: readonly string[];
}

/** Every `helm install` and `helm upgrade` that a page shows, with its continued lines. */
const commands: readonly DocumentedCommand[] = pages.flatMap(({ path, text: page }) =>
  codeBlocks(page).flatMap(({ text, line }) =>
    text
      .replaceAll(/\\\n\s*/g, "")
      .split("\n")
      .filter((command) => /^(?:\$ )?helm (?:install|upgrade) /.test(command))
      .map((command) => ({ at: `${path}:${line} ${command}`, words: wordsOf(command) })),
  ),
);

/** As the shell divides them; the pages quote with single quotes. */
function wordsOf(command: string): readonly string[] {
  return [...command.replace(/^\$ /, "").matchAll(/(?:'[^']*'|[^\s'])+/g)].map(([word]) => word.replaceAll("'", ""));
}

/** Each `--set a=b`, as `helm template` takes it too. */
function settingsOf(words: readonly string[]): readonly string[] {
  return words.flatMap((word, index) => (words[index - 1] === "--set" ? ["--set", word] : []));
}

test("pages show how to install and how to upgrade", () => {
  expect(commands.filter(({ words }) => words[1] === "install").length).toBeGreaterThan(2);
  expect(commands.filter(({ words }) => words[1] === "upgrade").length).toBeGreaterThan(1);
});

describe.each(commands)("$at", ({ words }) => {
  test("gives values that the chart knows, and that it can make its objects of", async () => {
    const served = words[1] === "upgrade" ? ["--api-versions", "pawl.dev/v1alpha1"] : [];
    const objects = await rendered(...settingsOf(words), ...served);

    expect(objects.map(({ kind }) => kind)).toContain("Deployment");
  });

  test("installs the version of this checkout, if it names one", () => {
    const named = words.flatMap((word, index) => {
      const [, inFile] = /-(\d+\.\d+\.\d+)\.tgz$/.exec(word) ?? [];
      return words[index - 1] === "--version" ? [word] : inFile === undefined ? [] : [inFile];
    });

    expect(named.filter((version) => version !== project.version)).toEqual([]);
  });
});
