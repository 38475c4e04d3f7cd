import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findOnPath } from "../control-plane/executables.ts";

/** Debian as the official Node images take it, with Node and npm in the same places. */
export const localBase = "pawl-base:bookworm";

/** The base cannot be made here; the message says what is missing. */
export class LocalBaseError extends Error {
  override readonly name = "LocalBaseError";
}

/**
 * Makes `localBase` where no image registry is reached: Debian's smallest system by debootstrap, with this project's Node and the machine's npm.
 * Takes root, debootstrap and a Docker engine, and about a minute; nothing if it is there.
 * @throws LocalBaseError
 */
export function makeLocalBase(env: NodeJS.ProcessEnv, say: (line: string) => void): void {
  if (hasImage(localBase)) return;
  for (const tool of ["debootstrap", "tar", "npm"])
    if (findOnPath(tool, env) === undefined)
      throw new LocalBaseError(`the base image takes ${tool}, which is not on the PATH`);
  const system = mkdtempSync(join(tmpdir(), "pawl-base-"));
  try {
    say(`making ${localBase} from Debian's packages (about a minute) …`);
    execFileSync("debootstrap", ["--variant=minbase", "--include=ca-certificates", "bookworm", system], {
      stdio: ["ignore", 2, 2],
    });
    for (const left of ["var/cache/apt", "var/lib/apt/lists", "usr/share/doc", "usr/share/man", "usr/share/locale"])
      rmSync(join(system, left), { recursive: true, force: true });
    cpSync(process.execPath, join(system, "usr/local/bin/node"));
    const npm = join(realpathSync(findOnPath("npm", env) ?? ""), "../..");
    if (!existsSync(join(npm, "bin/npm-cli.js")))
      throw new LocalBaseError(`npm's folder is not ${npm}: no npm-cli.js there`);
    cpSync(npm, join(system, "usr/local/lib/node_modules/npm"), { recursive: true });
    const commands = ["npm", "npx"]
      .map((name) => `ln -sf ../lib/node_modules/npm/bin/${name}-cli.js ${name}`)
      .join(" && ");
    execFileSync("sh", ["-c", commands], { cwd: join(system, "usr/local/bin") });
    execFileSync("sh", ["-c", `tar -C ${system} --numeric-owner -c . | docker import - ${localBase}`], {
      stdio: ["ignore", 2, 2],
    });
  } finally {
    rmSync(system, { recursive: true, force: true });
  }
}

function hasImage(name: string): boolean {
  try {
    execFileSync("docker", ["image", "inspect", name], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
