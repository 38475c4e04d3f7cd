import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { type Generator, notice } from "./generator.ts";

const rulesFolder = join(import.meta.dirname, "../../src/rules");

export const indexFile = "src/rules/index.generated.ts";

/** The list of all rules: a rule is in it because its file is there, `src/rules/<category>/<id>.ts`. */
export const rulesIndex: Generator = {
  name: "rules-index",
  outputs: async () => new Map([[indexFile, indexOf(await ruleFiles(rulesFolder))]]),
};

/** Where one rule is written. */
export interface RuleFile {
  readonly category: string;
  readonly id: string;
}

/** Every rule below a folder, sorted by id. */
export async function ruleFiles(folder: string): Promise<readonly RuleFile[]> {
  const categories = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const files = await Promise.all(
    categories.map(async ({ name: category }) => {
      const names = await readdir(join(folder, category));
      return names
        .filter((name) => name.endsWith(".ts"))
        .map((name) => ({ category, id: name.slice(0, -".ts".length) }));
    }),
  );
  return files.flat().sort(byId);
}

/** The order of the index. */
export function byId(a: RuleFile, b: RuleFile): number {
  return a.id < b.id ? -1 : 1;
}

/** The module that exports the rules of these files, in their order. */
export function indexOf(files: readonly RuleFile[]): string {
  const imports = files.map(({ category, id }) => `import { rule as ${camelCase(id)} } from "./${category}/${id}.ts";`);
  return [
    `// ${notice("rules-index", "the files in src/rules")}`,
    'import type { Rule } from "../engine/rule.ts";',
    ...imports,
    "",
    "/** Every built-in rule, sorted by id. */",
    "export const rules: readonly Rule[] = [",
    ...files.map(({ id }) => `  ${camelCase(id)},`),
    "];",
    "",
  ].join("\n");
}

function camelCase(id: string): string {
  return id.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
