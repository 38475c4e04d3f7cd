import { loadAll } from "js-yaml";
import { codeBlocks } from "./markdown.ts";
import { guides, handbook } from "./pages.ts";

/** One YAML block of README, guides or handbook that shows objects of Kubernetes. */
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

/** The first line of a block that is a file of something else: `# alertmanager.yaml`. */
const fileName = /^# (\S+\.yaml)\n/;

export const examples: readonly Example[] = [...guides, ...handbook].flatMap(({ path, text: page }) => {
  const blocks = codeBlocks(page);
  return blocks.flatMap(({ language, text, line }, index) => {
    if (language !== "yaml" || fileName.test(text)) return [];
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

/** The block of a guide that says of itself that it is the file of this name. */
export function exampleFile(path: string, name: string): string {
  const blocks = guides.filter((page) => page.path === path).flatMap(({ text }) => codeBlocks(text));
  const [block, ...others] = blocks.filter(({ text }) => fileName.exec(text)?.[1] === name);
  if (block === undefined || others.length > 0)
    throw new Error(`${path}: ${others.length + 1} blocks are ${name}, or none`);
  return block.text;
}
