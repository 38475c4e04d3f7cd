import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The repository's root. */
export const root = join(import.meta.dirname, "../..");

/** One page of the documentation. */
export interface Page {
  /** From the root. */
  readonly path: string;
  readonly text: string;
}

/** Everything that is written for readers, sorted by path. */
export const pages: readonly Page[] = pagesAt("*.md", "docs/**/*.md", "tools/**/README.md");

/** What a user reads first. */
export const guides: readonly Page[] = pagesAt("README.md", "docs/guides/*.md");

/** How to install Pawl, upgrade it, trust it and take it up. */
export const handbook: readonly Page[] = pagesAt("docs/{adopt,install,security,upgrade}.md");

function pagesAt(...patterns: readonly string[]): readonly Page[] {
  const paths = globSync(patterns, { cwd: root }).sort();
  return paths.map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
}
