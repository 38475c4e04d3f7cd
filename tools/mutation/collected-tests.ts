import { globSync } from "node:fs";
import { registerHooks } from "node:module";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";

/** A unit test, or each row of one; `run` throws where it fails. */
export interface CollectedTest {
  readonly id: string;
  run(): void;
}

/** A module to be loaded anew, as another than the one that is there. */
export interface Renewed {
  /** `src/engine/views/path.ts` */
  readonly file: string;
  /** Tells this one from all others. */
  readonly name: string;
}

let file = "";
const collected: CollectedTest[] = [];

/** Called by what stands in for vitest while a file of tests loads. */
export function register(name: string, run: () => void): void {
  collected.push({ id: `${file} ${name} ${collected.length}`, run });
}

/**
 * The unit tests of the views below a copy of the tree in files that are wanted, loaded into this process. With
 * `renewed` they and the module are loaded anew, and see it as it is now; what else imports the module goes on with the old one.
 */
export async function collectUnitTests(
  root: string,
  isWanted: (path: string) => boolean = () => true,
  renewed?: Renewed,
): Promise<readonly CollectedTest[]> {
  const standIn = pathToFileURL(join(import.meta.dirname, "test-api.ts")).href;
  const query = renewed === undefined ? "" : `?${renewed.name}`;
  const old = renewed === undefined ? undefined : pathToFileURL(join(root, renewed.file)).href;
  const before = collected.length;
  const hooks = registerHooks({
    resolve: (specifier, context, next) => {
      const isApi = specifier === "vitest" && context.parentURL !== standIn;
      const resolved = next(isApi ? standIn : specifier, context);
      return resolved.url === old ? { ...resolved, url: resolved.url + query } : resolved;
    },
  });
  try {
    await import(pathToFileURL(join(root, "test/fixed-seed.ts")).href);
    for (const path of globSync("test/engine/{views,values,facts}/**/*.test.ts", { cwd: root }).sort()) {
      if (!isWanted(path)) continue;
      file = relative(join(root, "test"), join(root, path));
      await import(pathToFileURL(join(root, path)).href + query);
    }
  } finally {
    hooks.deregister();
  }
  return collected.slice(before);
}
