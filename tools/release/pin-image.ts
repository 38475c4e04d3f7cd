/** `node tools/release/pin-image.ts sha256:…`: writes the digest of a release's image wherever the image is named. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PinError, pinnedFiles } from "./pinned.ts";

const root = join(import.meta.dirname, "../..");
const [digest = ""] = process.argv.slice(2);
for (const { path, pin } of pinnedFiles) {
  try {
    writeFileSync(join(root, path), pin(readFileSync(join(root, path), "utf8"), digest));
    console.log(`pinned ${path}`);
  } catch (error) {
    if (!(error instanceof PinError)) throw error;
    console.error(`${path}: ${error.message}`);
    process.exitCode = 1;
  }
}
