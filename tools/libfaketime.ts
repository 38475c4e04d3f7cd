/**
 * libfaketime, which gives one process a clock of its own: `node tools/libfaketime.ts` says where it is. Debian's package is
 * unpacked into the cache where it is not installed, for which nobody has to be root.
 */
import { execFileSync } from "node:child_process";
import { existsSync, globSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { cacheRoot } from "./control-plane/cache.ts";

const library = "faketime/libfaketimeMT.so.1";

export type Libfaketime = { readonly path: string } | { readonly absent: string };

/** The library's path, or why there is none. `LIBFAKETIME` names another one. */
export function findLibfaketime(env: NodeJS.ProcessEnv): Libfaketime {
  if (env.LIBFAKETIME !== undefined) return { path: env.LIBFAKETIME };
  const folder = join(cacheRoot(env), "libfaketime");
  const found = [`/usr/lib/*/${library}`, join(folder, `usr/lib/*/${library}`)].flatMap((pattern) => globSync(pattern));
  const [path] = found;
  if (path !== undefined) return { path };
  if (process.platform !== "linux") return { absent: `libfaketime is for Linux only, and this is ${process.platform}` };
  try {
    unpackTo(folder);
  } catch (error) {
    return { absent: `libfaketime is not installed, and apt-get could not download it: ${messageOf(error)}` };
  }
  return findLibfaketime(env);
}

/** All or nothing: others may be looking for it at the same time. */
function unpackTo(folder: string): void {
  mkdirSync(dirname(folder), { recursive: true });
  const scratch = mkdtempSync(`${folder}-`);
  try {
    const quietly = { cwd: scratch, stdio: "pipe", timeout: 60_000 } as const;
    execFileSync("/usr/bin/apt-get", ["download", "libfaketime"], quietly);
    const [file = ""] = globSync(join(scratch, "*.deb"));
    execFileSync("/usr/bin/dpkg-deb", ["--extract", file, join(scratch, "unpacked")], quietly);
    if (globSync(join(scratch, `unpacked/usr/lib/*/${library}`)).length === 0)
      throw new Error(`the package holds no ${library}`);
    if (!existsSync(folder)) renameSync(join(scratch, "unpacked"), folder);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
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
