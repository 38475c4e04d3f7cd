import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Generator, notice } from "../../tools/generators/generator.ts";
import { collectOutputs, findDifferences, writeOutputs } from "../../tools/generators/tree.ts";

const root = join(import.meta.dirname, "../..");

test("everything generated is what its source says", { timeout: 120_000 }, () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["tools/generate.ts", "--check"], {
    cwd: root,
    encoding: "utf8",
  });

  expect(stderr).toBe("");
  expect(stdout).toMatch(/^\d+ generated files are what their sources say\n$/);
  expect(status).toBe(0);
});

test("an option that does not exist ends with status 2 and the usage", () => {
  const { status, stderr } = spawnSync(process.execPath, ["tools/generate.ts", "--chek"], {
    cwd: root,
    encoding: "utf8",
  });

  expect(stderr).toBe("usage: node tools/generate.ts [--check]\n");
  expect(status).toBe(2);
});

const animals: Generator = generator("animals", { "zoo/cat.md": "Meow", "zoo/dog.md": "Woof" });

describe("in a folder of its own", () => {
  let folder = "";

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "pawl-generated-"));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  test("what was written shows no difference", async () => {
    await generate(folder, [animals]);

    expect(await differences(folder, [animals])).toEqual([]);
    expect(readFileSync(join(folder, "zoo/cat.md"), "utf8")).toContain("Meow");
  });

  test("a missing, a differing and a surplus file are each named", async () => {
    await generate(folder, [animals, generator("plants", { "zoo/fern.md": "Green" })]);
    rmSync(join(folder, "zoo/cat.md"));
    writeFileSync(join(folder, "zoo/dog.md"), "Woof, by hand");

    expect(await differences(folder, [animals])).toEqual([
      { path: "zoo/cat.md", state: "missing", generator: "animals" },
      { path: "zoo/dog.md", state: "differs", generator: "animals" },
      { path: "zoo/fern.md", state: "surplus" },
    ]);
  });

  test("writing repairs what is missing or differs and removes what is surplus", async () => {
    await generate(folder, [generator("plants", { "zoo/fern.md": "Green" })]);
    write(folder, "zoo/dog.md", "Woof, by hand");

    await generate(folder, [animals]);

    expect(await differences(folder, [animals])).toEqual([]);
    expect(readdirSync(join(folder, "zoo"))).toEqual(["cat.md", "dog.md"]);
  });

  test("a file written by hand is nobody's business", async () => {
    await generate(folder, [animals]);
    write(folder, "zoo/visitors.md", "Opening hours");
    write(folder, "node_modules/zoo/cat.md", `<!-- ${notice("animals", "nowhere")} -->`);

    expect(await differences(folder, [animals])).toEqual([]);
  });
});

test("two generators that make the same file are refused", async () => {
  await expect(collectOutputs([animals, generator("pets", { "zoo/cat.md": "Meow" })])).rejects.toThrow(
    "zoo/cat.md is made by two generators, animals and pets: remove it from one",
  );
});

test("a file without its notice is refused, for it could never be recognised as surplus", async () => {
  const nameless: Generator = { name: "nameless", outputs: async () => new Map([["a.md", "text"]]) };

  await expect(collectOutputs([nameless])).rejects.toThrow(
    'a.md does not begin with the notice of its generator: put notice("nameless", …) at its head',
  );
});

test.each(["/etc/motd", "../outside.md", "crds/../../outside.md"])("a file at %s is refused", async (path) => {
  await expect(collectOutputs([generator("stray", { [path]: "x" })])).rejects.toThrow(
    `stray makes ${path}: give paths from the root of the repository, within it`,
  );
});

function generator(name: string, files: Readonly<Record<string, string>>): Generator {
  return {
    name,
    outputs: async () =>
      new Map(Object.entries(files).map(([path, text]) => [path, `<!-- ${notice(name, "test")} -->\n${text}\n`])),
  };
}

async function differences(folder: string, generators: readonly Generator[]) {
  return findDifferences(folder, await collectOutputs(generators));
}

async function generate(folder: string, generators: readonly Generator[]): Promise<void> {
  const outputs = await collectOutputs(generators);
  await writeOutputs(folder, outputs, await findDifferences(folder, outputs));
}

function write(folder: string, path: string, content: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}
