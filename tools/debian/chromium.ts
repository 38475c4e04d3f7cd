/**
 * A headless Chromium, to look at mails as a reader does: `node tools/debian/chromium.ts` says where it is. The machine's, else Debian's
 * package, unpacked into the cache with the libraries that it needs, for which nobody has to be root.
 */
import { existsSync, globSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findOnPath } from "../control-plane/executables.ts";
import type { Say } from "../control-plane/progress.ts";
import { packageFolder, unpackWithDependencies } from "./package.ts";

/** What stands for the families that every page may ask for. */
const families = [
  ["sans-serif", "DejaVu Sans"],
  ["monospace", "DejaVu Sans Mono"],
] as const;

export interface Chromium {
  readonly path: string;
  /** To be set besides the usual environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** There is no Chromium and none could be had; the message says what to do. */
export class NoChromiumError extends Error {
  override readonly name = "NoChromiumError";
}

const name = "chromium-headless-shell";
/** A machine without any would show a page without letters. */
const fonts = ["fonts-dejavu-core"];

/** @throws NoChromiumError */
export function findChromium(env: NodeJS.ProcessEnv, say: Say): Chromium {
  const installed = findOnPath(name, env) ?? findOnPath("chromium", env) ?? findOnPath("google-chrome", env);
  if (installed !== undefined) return { path: installed, env: {} };
  const folder = packageFolder(name, env);
  if (!existsSync(folder)) {
    say("chromium: downloading Debian's chromium-headless-shell and what it needs (about 70 MB) …");
    try {
      unpackWithDependencies(name, fonts, env);
    } catch (error) {
      throw new NoChromiumError("there is no chromium on the PATH, and apt-get could not download it: install it", {
        cause: error,
      });
    }
  }
  const path = join(folder, "usr/lib/chromium", name);
  if (!existsSync(path)) throw new NoChromiumError(`Debian's package holds no ${path}: install chromium`);
  const libraries = globSync(join(folder, "{usr/,}lib/*-linux-gnu{,/*}")).join(":");
  return { path, env: { LD_LIBRARY_PATH: libraries, FONTCONFIG_FILE: fontsConfiguration(folder) } };
}

/** Where letters are: on the machine, and among what was unpacked. */
function fontsConfiguration(folder: string): string {
  const file = join(folder, "fonts.conf");
  const folders = ["/usr/share/fonts", join(folder, "usr/share/fonts")];
  const lines = [
    ...folders.map((one) => `<dir>${one}</dir>`),
    ...families.map(
      ([family, font]) => `<alias><family>${family}</family><prefer><family>${font}</family></prefer></alias>`,
    ),
    '<cachedir prefix="xdg">fontconfig</cachedir>',
  ];
  const head = '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">';
  writeFileSync(file, `${head}\n<fontconfig>\n${lines.join("\n")}\n</fontconfig>\n`);
  return file;
}

if (import.meta.main) console.log(findChromium(process.env, console.error).path);
