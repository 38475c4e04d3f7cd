import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };

const root = join(import.meta.dirname, "../..");

/** What a room may import; the file that says so is plain JavaScript. */
interface Permission {
  readonly rooms: readonly string[];
  readonly packages: readonly string[];
  readonly node: readonly string[];
}

const configuration: string = join(root, ".dependency-cruiser.mjs");
const { fence } = (await import(configuration)) as { readonly fence: Readonly<Record<string, Permission>> };
const rooms = Object.keys(fence);
const packages = Object.keys(manifest.dependencies);
/** A package that is installed because another one needs it. */
const ofOthers = "semver";

test("the fence names exactly the folders of src", () => {
  expect([...rooms].sort()).toEqual(readdirSync(join(root, "src")).sort());
});

test("src holds no file outside of a room, where no fence would stand", () => {
  const files = readdirSync(join(root, "src"), { withFileTypes: true }).filter((entry) => !entry.isDirectory());

  expect(files.map(({ name }) => name)).toEqual([]);
});

test("the fence lets a room import only rooms that exist", () => {
  const named = Object.values(fence).flatMap((may) => may.rooms);

  expect(named.filter((room) => !rooms.includes(room))).toEqual([]);
});

/** A file planted in an empty copy of the house, and the rule that must find it. */
interface Breach {
  readonly title: string;
  readonly file: string;
  readonly code: string;
  readonly rule: string;
}

const importing = (specifier: string) => `import { it } from "${specifier}";\nexport const used = it;\n`;

const betweenRooms = rooms.flatMap((from): Breach[] =>
  rooms
    .filter((to) => to !== from && fence[from]?.rooms.includes(to) === false)
    .map((to) => ({
      title: `${from} imports ${to}`,
      file: `src/${from}/breach/imports-${to}.ts`,
      code: importing(`../../${to}/target.ts`),
      rule: `${from}-rooms`,
    })),
);

const ofPackages = rooms.flatMap((room): Breach[] =>
  [...packages, ofOthers]
    .filter((name) => fence[room]?.packages.every((allowed) => allowed !== name && allowed !== "*"))
    .map((name) => ({
      title: `${room} imports the package ${name}`,
      file: `src/${room}/breach/imports-package-${name.replaceAll(/\W/g, "-")}.ts`,
      code: importing(name),
      rule: `${room}-packages`,
    })),
);

const ofNode = rooms
  .filter((room) => fence[room]?.node.length === 0)
  .flatMap((room): Breach[] =>
    ["node:fs", "node:crypto", "fs"].map((name) => ({
      title: `${room} imports ${name}`,
      file: `src/${room}/breach/imports-${name.replaceAll(":", "-")}.ts`,
      code: importing(name),
      rule: `${room}-node`,
    })),
  );

const special: readonly Breach[] = [
  {
    title: "engine imports a type of operator",
    file: "src/engine/breach/type.ts",
    code: `import type { It } from "../../operator/target.ts";\nexport type Used = It;\n`,
    rule: "engine-rooms",
  },
  {
    title: "engine re-exports operator",
    file: "src/engine/breach/re-export.ts",
    code: `export { it } from "../../operator/target.ts";\n`,
    rule: "engine-rooms",
  },
  {
    title: "engine imports operator only when it runs",
    file: "src/engine/breach/dynamic.ts",
    code: `export const used = () => import("../../operator/target.ts");\n`,
    rule: "engine-rooms",
  },
  {
    title: "a rule imports another rule",
    file: "src/rules/breach/one.ts",
    code: importing("../target.ts"),
    rule: "rules-alone",
  },
  {
    title: "two files import each other",
    file: "src/engine/breach/circle-a.ts",
    code: 'import { back } from "./circle-b.ts";\nexport const forth = () => back;\n',
    rule: "no-cycles",
  },
  {
    title: "kube imports bin",
    file: "src/kube/breach/bin.ts",
    code: importing("../../bin/target.ts"),
    rule: "bin-is-last",
  },
  {
    title: "the product imports a test",
    file: "src/bin/breach/test.ts",
    code: importing("../../../test/target.ts"),
    rule: "src-alone",
  },
  {
    title: "the product imports a tool",
    file: "src/bin/breach/tool.ts",
    code: importing("../../../tools/target.ts"),
    rule: "src-alone",
  },
];

const breaches = [...betweenRooms, ...ofPackages, ...ofNode, ...special];

/** Everything a room may import, in one file: nothing of it may be found. */
const allowed = rooms.map((room) => ({
  file: `src/${room}/allowed.ts`,
  code: [
    ...(fence[room]?.rooms ?? []).map((to) => `../${to}/target.ts`),
    ...(fence[room]?.packages.includes("*") === true ? packages : (fence[room]?.packages ?? [])),
    ...(fence[room]?.node.includes("*") === true ? ["node:fs"] : []),
    "./target.ts",
  ]
    .map((specifier) => `import "${specifier}";\n`)
    .join(""),
}));

interface Report {
  readonly summary: {
    readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[];
  };
}

describe("in a house with every breach planted", () => {
  let house = "";
  let found: Map<string, string[]> = new Map();

  beforeAll(async () => {
    house = mkdtempSync(join(tmpdir(), "pawl-fence-"));
    for (const file of [".dependency-cruiser.mjs", "tsconfig.json", "package.json"])
      cpSync(join(root, file), join(house, file));
    symlinkSync(join(root, "node_modules"), join(house, "node_modules"));
    const target = "export const it = 1;\nexport type It = 1;\n";
    for (const room of [...rooms.map((name) => `src/${name}`), "test", "tools"]) plant(`${room}/target.ts`, target);
    plant(
      "src/engine/breach/circle-b.ts",
      'import { forth } from "./circle-a.ts";\nexport const back = () => forth;\n',
    );
    for (const { file, code } of [...breaches, ...allowed]) plant(file, code);
    found = await cruise(house);
  }, 120_000);

  afterAll(() => {
    rmSync(house, { recursive: true });
  });

  test.each(breaches)("$title: found by $rule", ({ file, rule }) => {
    expect(found.get(file)).toContain(rule);
  });

  test.each(allowed)("what $file may import is left alone", ({ file }) => {
    expect(found.get(file)).toBeUndefined();
  });

  function plant(file: string, code: string): void {
    mkdirSync(dirname(join(house, file)), { recursive: true });
    writeFileSync(join(house, file), code);
  }
});

/** Names of the broken rules by file. */
async function cruise(house: string): Promise<Map<string, string[]>> {
  const command = join(root, "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs");
  const args = [command, "src", "--config", ".dependency-cruiser.mjs", "--output-type", "json"];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: house, maxBuffer: 64 * 1024 * 1024 });
  const { summary } = JSON.parse(stdout) as Report;
  const found = new Map<string, string[]>();
  for (const { from, rule } of summary.violations) found.set(from, [...(found.get(from) ?? []), rule.name]);
  return found;
}
