import type { Dirent } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Generator, noticeMark } from "./generator.ts";
import { hasSection } from "./section.ts";

/** How a file differs from what the generators make. */
export interface Difference {
  readonly path: string;
  /** `surplus`: carries the notice of a generated file, but no generator makes it. */
  readonly state: "differs" | "missing" | "surplus";
  /** Absent for a surplus file. */
  readonly generator?: string;
}

interface Output {
  readonly generator: string;
  readonly content: string;
}

/** Folders that hold nothing of ours. */
const skipped = new Set(["node_modules", ".git", "dist", "coverage", ".cache"]);

/** Characters at the head of a file among which the notice stands. */
const headLength = 512;

/**
 * Everything the generators make, by path.
 * @throws Error if two make the same file, or one leaves the repository or forgets its notice; a page of which only a section
 * is generated has none
 */
export async function collectOutputs(generators: readonly Generator[]): Promise<ReadonlyMap<string, Output>> {
  const outputs = new Map<string, Output>();
  for (const generator of generators) {
    for (const [path, content] of await generator.outputs()) {
      const other = outputs.get(path);
      if (other !== undefined)
        throw new Error(
          `${path} is made by two generators, ${other.generator} and ${generator.name}: remove it from one`,
        );
      if (path.startsWith("/") || path.split("/").includes(".."))
        throw new Error(`${generator.name} makes ${path}: give paths from the root of the repository, within it`);
      if (!content.slice(0, headLength).includes(noticeMark) && !hasSection(content))
        throw new Error(
          `${path} does not begin with the notice of its generator: put notice("${generator.name}", …) at its head`,
        );
      outputs.set(path, { generator: generator.name, content });
    }
  }
  return outputs;
}

/** Every file below `root` that is not what the generators make of it, in order of path. */
export async function findDifferences(root: string, outputs: ReadonlyMap<string, Output>): Promise<Difference[]> {
  const differences: Difference[] = [];
  for (const [path, { generator, content }] of outputs) {
    const present = await readIfPresent(join(root, path));
    if (present === undefined) differences.push({ path, state: "missing", generator });
    else if (present !== content) differences.push({ path, state: "differs", generator });
  }
  for await (const path of filesBelow(root, "")) {
    if (!outputs.has(path) && (await carriesNotice(join(root, path)))) differences.push({ path, state: "surplus" });
  }
  return differences.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Makes the files what the generators say: writes what is missing or differs, removes what is surplus. */
export async function writeOutputs(
  root: string,
  outputs: ReadonlyMap<string, Output>,
  differences: readonly Difference[],
): Promise<void> {
  for (const { path } of differences) {
    const output = outputs.get(path);
    if (output === undefined) {
      await rm(join(root, path));
    } else {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), output.content);
    }
  }
}

async function readIfPresent(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

async function* filesBelow(root: string, folder: string): AsyncGenerator<string> {
  for (const entry of await entriesOf(join(root, folder))) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory() && !skipped.has(entry.name)) yield* filesBelow(root, path);
    else if (entry.isFile()) yield path;
  }
}

/** None if the folder has gone since it was found: others may work in the same tree. */
async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

async function carriesNotice(file: string): Promise<boolean> {
  const content = await readIfPresent(file);
  // In the notice the generator's name follows in brackets; where the mark is only mentioned it does not.
  return content?.slice(0, headLength).includes(`${noticeMark} (`) === true;
}
