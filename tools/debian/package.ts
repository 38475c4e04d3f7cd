import { execFileSync } from "node:child_process";
import { existsSync, globSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { cacheRoot } from "../control-plane/cache.ts";

/** Where a package lies once it was unpacked. */
export function packageFolder(name: string, env: NodeJS.ProcessEnv): string {
  return join(cacheRoot(env), `debian-${name}`);
}

/**
 * Downloads a package of Debian and unpacks it into our cache: nothing is installed on the machine, so nobody has to be
 * root. All or nothing: others may be looking for it at the same time.
 * @throws Error that says why the package could not be had
 */
export function unpackPackage(name: string, env: NodeJS.ProcessEnv): void {
  const folder = packageFolder(name, env);
  mkdirSync(dirname(folder), { recursive: true });
  const scratch = mkdtempSync(`${folder}-`);
  try {
    const quietly = { cwd: scratch, stdio: "pipe", timeout: 120_000 } as const;
    execFileSync("/usr/bin/apt-get", ["download", name], quietly);
    const [file = ""] = globSync(join(scratch, "*.deb"));
    execFileSync("/usr/bin/dpkg-deb", ["--extract", file, join(scratch, "unpacked")], quietly);
    if (!existsSync(folder)) renameSync(join(scratch, "unpacked"), folder);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
