/**
 * libfaketime, which gives one process a clock of its own: `node tools/debian/libfaketime.ts` says where it is. Debian's package is
 * unpacked into the cache where it is not installed, for which nobody has to be root.
 */
import { globSync } from "node:fs";
import { join } from "node:path";
import { packageFolder, unpackPackage } from "./package.ts";

const library = "faketime/libfaketimeMT.so.1";

export type Libfaketime = { readonly path: string } | { readonly absent: string };

/** The library's path, or why there is none. `LIBFAKETIME` names another one. */
export function findLibfaketime(env: NodeJS.ProcessEnv): Libfaketime {
  if (env.LIBFAKETIME !== undefined) return { path: env.LIBFAKETIME };
  const installed = findIn("/");
  if (installed !== undefined) return { path: installed };
  const folder = packageFolder("libfaketime", env);
  const unpacked = findIn(folder);
  if (unpacked !== undefined) return { path: unpacked };
  if (process.platform !== "linux") return { absent: `libfaketime is for Linux only, and this is ${process.platform}` };
  try {
    unpackPackage("libfaketime", env);
  } catch (error) {
    return { absent: `libfaketime is not installed, and apt-get could not download it: ${messageOf(error)}` };
  }
  const path = findIn(folder);
  return path === undefined ? { absent: `Debian's package holds no ${library}` } : { path };
}

function findIn(root: string): string | undefined {
  return globSync(join(root, `usr/lib/*/${library}`))[0];
}

function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.trim().split("\n").join("; ");
}

if (import.meta.main) {
  const found = findLibfaketime(process.env);
  console.log("path" in found ? found.path : found.absent);
  process.exitCode = "path" in found ? 0 : 1;
}
