/**
 * Packs the program and all that it imports into a few files that need Node and nothing else: `node tools/bundle.ts [FOLDER]`,
 * by default `dist/bundle`. `pawl.js` is the command; what is loaded only now and then lies in files beside it.
 * The same sources give the same bytes.
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";

const root = join(import.meta.dirname, "..");
const [folder = "dist/bundle"] = process.argv.slice(2);
const outdir = resolve(root, folder);

rmSync(outdir, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: { pawl: "src/bin/pawl.ts" },
  outdir,
  chunkNames: "[name]-[hash]",
  bundle: true,
  splitting: true,
  platform: "node",
  target: "node24",
  format: "esm",
  minifyWhitespace: true,
  minifySyntax: true,
  // Names of classes and functions stand in logs.
  keepNames: true,
  legalComments: "none",
  metafile: true,
  // Some packages are CommonJS and ask for Node's modules by `require`.
  banner: { js: 'import{createRequire as requireFrom}from"node:module";const require=requireFrom(import.meta.url);' },
});
// Patterns keep their letters as they are written, and one beyond ASCII makes Node hold the whole file in twice the memory.
for (const path of Object.keys(metafile.outputs).sort()) {
  const text = readFileSync(join(root, path), "utf8").replace(/[^\0-\x7f]/g, escaped);
  writeFileSync(join(root, path), text);
  console.log(`${path}\t${text.length} B`);
}

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
