import { globSync } from "node:fs";
import { registerHooks } from "node:module";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";

/** A unit test, or each row of one; `run` throws where it fails. */
export interface CollectedTest {
  readonly id: string;
  run(): void;
}

let file = "";
const collected: CollectedTest[] = [];

/** Called by what stands in for vitest while a file of tests loads. */
export function register(name: string, run: () => void): void {
  collected.push({ id: `${file} ${name} ${collected.length}`, run });
}

/** The unit tests of the views below a copy of the tree in files of this name, loaded into this process. */
export async function collectUnitTests(root: string, name = "*.test.ts"): Promise<readonly CollectedTest[]> {
  const standIn = pathToFileURL(join(import.meta.dirname, "test-api.ts")).href;
  const before = collected.length;
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier === "vitest" && context.parentURL !== standIn ? standIn : specifier, context),
  });
  try {
    await import(pathToFileURL(join(root, "test/fixed-seed.ts")).href);
    for (const path of globSync(`test/engine/{views,values,facts}/**/${name}`, { cwd: root }).sort()) {
      file = relative(join(root, "test"), join(root, path));
      await import(pathToFileURL(join(root, path)).href);
    }
  } finally {
    hooks.deregister();
  }
  return collected.slice(before);
}
