import { readFileSync } from "node:fs";
import { join, posix } from "node:path";

/** What is loaded with a module: by `import`, `export … from`, over any number of steps. Types load nothing. */
const loading = /^(?:import|export)\s+(?!type\b)(?:[^;"']*?\sfrom\s+)?["'](\.[^"']+)["']/gm;

/** Tells which files load others; all are named from the root, with `/`. */
export class Importers {
  readonly #root: string;
  readonly #loadedBy = new Map<string, readonly string[]>();

  constructor(root: string) {
    this.#root = root;
  }

  /** Whether the file is, or loads, the other one. */
  reaches(file: string, wanted: string): boolean {
    const seen = new Set([file]);
    for (const one of seen) for (const next of this.#loaded(one)) seen.add(next);
    return seen.has(wanted);
  }

  #loaded(file: string): readonly string[] {
    let loaded = this.#loadedBy.get(file);
    if (loaded === undefined) {
      const text = file.endsWith(".ts") ? readFileSync(join(this.#root, file), "utf8") : "";
      loaded = [...text.matchAll(loading)].map(([, path = ""]) => posix.join(posix.dirname(file), path));
      this.#loadedBy.set(file, loaded);
    }
    return loaded;
  }
}
