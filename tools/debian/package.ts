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
  unpack(name, env, () => [name]);
}

/**
 * The same with every package that it and `others` need and that the machine does not have, all in the folder of `name`.
 * @throws Error that says why they could not be had
 */
export function unpackWithDependencies(name: string, others: readonly string[], env: NodeJS.ProcessEnv): void {
  unpack(name, env, (own) => {
    const installed = ["-o", "Dir::State::status=/var/lib/dpkg/status"];
    const args = [...own, ...installed, "--simulate", "--no-install-recommends", "install", name, ...others];
    const plan = execFileSync("/usr/bin/apt-get", args, { stdio: "pipe", timeout: 120_000, encoding: "utf8" });
    // Inst chromium-common (156.0.8078.79-1 Debian-Security:12/oldstable-security [amd64])
    return [...plan.matchAll(/^Inst (\S+) (?:\[\S+\] )?\((\S+) /gm)].map(([, one, version]) => `${one}=${version}`);
  });
}

/** @param packagesOf the packages to download, given the options under which apt-get uses lists of our own */
function unpack(name: string, env: NodeJS.ProcessEnv, packagesOf: (own: readonly string[]) => readonly string[]): void {
  const folder = packageFolder(name, env);
  mkdirSync(dirname(folder), { recursive: true });
  const scratch = mkdtempSync(`${folder}-`);
  try {
    const quietly = { cwd: scratch, stdio: "pipe", timeout: 120_000 } as const;
    // Lists of our own: those of a new machine may be missing or old, and only root may renew them.
    const [state, cache] = [join(scratch, "state"), join(scratch, "cache")];
    mkdirSync(join(state, "lists/partial"), { recursive: true });
    mkdirSync(join(cache, "archives/partial"), { recursive: true });
    const own = ["-o", `Dir::State=${state}`, "-o", `Dir::Cache=${cache}`];
    execFileSync("/usr/bin/apt-get", [...own, "update"], quietly);
    execFileSync("/usr/bin/apt-get", [...own, "download", ...packagesOf(own)], { ...quietly, timeout: 300_000 });
    for (const file of globSync(join(scratch, "*.deb")))
      execFileSync("/usr/bin/dpkg-deb", ["--extract", file, join(scratch, "unpacked")], quietly);
    putInPlace(join(scratch, "unpacked"), folder);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Another process may have been faster; what it unpacked is the same. */
function putInPlace(unpacked: string, folder: string): void {
  try {
    renameSync(unpacked, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  }
}
