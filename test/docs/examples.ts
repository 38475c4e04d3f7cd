import { loadAll } from "js-yaml";
import { codeBlocks } from "./markdown.ts";
import { guides, handbook } from "./pages.ts";

/** One YAML block of README, guides or handbook. */
export interface Example {
  /** `docs/guides/policies.md:12` */
  readonly at: string;
  readonly text: string;
  readonly objects: readonly ExampleObject[];
  /** What the page says is wrong with it: the block of the language `text` that follows it, by line. Empty: nothing. */
  readonly problems: readonly string[];
}

interface ExampleObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec?: unknown;
}

export const examples: readonly Example[] = [...guides, ...handbook].flatMap(({ path, text: page }) => {
  const blocks = codeBlocks(page);
  return blocks.flatMap(({ language, text, line }, index) => {
    if (language !== "yaml") return [];
    const next = blocks[index + 1];
    return [
      {
        at: `${path}:${line}`,
        text,
        objects: loadAll(text) as ExampleObject[],
        problems: next?.language === "text" ? next.text.trimEnd().split("\n") : [],
      },
    ];
  });
});
