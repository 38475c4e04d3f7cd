import { execFile } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { promisify } from "node:util";
import { BINARY_NAMES, type BinaryName, type Findings, type Way } from "./binaries.ts";
import { withinOneMinor } from "./version.ts";

const run = promisify(execFile);

/** The folder that `KUBEBUILDER_ASSETS` names: whoever set it wants these, of whatever version they are. */
export function assetsWay(env: NodeJS.ProcessEnv): Way {
  const dir = env.KUBEBUILDER_ASSETS;
  if (dir === undefined || dir === "")
    return { name: "KUBEBUILDER_ASSETS", find: () => Promise.resolve({ found: new Map(), reasons: ["not set"] }) };
  return folderWay(`KUBEBUILDER_ASSETS (${dir})`, () => resolve(dir));
}

/** A folder of executables named like the binaries. */
export function folderWay(name: string, folderOf: (binary: BinaryName) => string): Way {
  return {
    name,
    find: (missing) => {
      const names = BINARY_NAMES.filter((binary) => missing.has(binary));
      const there = names.filter((binary) => isExecutable(join(folderOf(binary), binary)));
      return Promise.resolve({
        found: new Map(there.map((binary) => [binary, join(folderOf(binary), binary)])),
        reasons: names
          .filter((binary) => !there.includes(binary))
          .map((binary) => `no ${binary} in ${folderOf(binary)}`),
      });
    },
  };
}

/** The machine's kubectl, when Kubernetes supports it against that server: at most one minor version apart. */
export function machineKubectlWay(env: NodeJS.ProcessEnv, serverVersion: string): Way {
  return {
    name: "PATH",
    find: async (missing): Promise<Findings> => {
      const nothing = (reason: string): Findings => ({ found: new Map(), reasons: [reason] });
      if (!missing.has("kubectl")) return { found: new Map(), reasons: [] };
      const path = findOnPath("kubectl", env);
      if (path === undefined) return nothing("no kubectl");
      const version = await kubectlVersion(path);
      if (version === undefined) return nothing(`${path} does not tell its version`);
      if (!withinOneMinor(version, serverVersion))
        return nothing(`${path} is ${version}, more than one minor version from ${serverVersion}`);
      return { found: new Map([["kubectl", path]]), reasons: [] };
    },
  };
}

/** The first executable of that name on `PATH`. */
export function findOnPath(name: string, env: NodeJS.ProcessEnv): string | undefined {
  return (env.PATH ?? "")
    .split(delimiter)
    .filter((dir) => dir !== "")
    .map((dir) => join(resolve(dir), name))
    .find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    // Absent, or there and of no use to us: the same to a search.
    return false;
  }
}

async function kubectlVersion(path: string): Promise<string | undefined> {
  try {
    const { stdout } = await run(path, ["version", "--client", "--output=json"], { timeout: 10_000 });
    const answer = JSON.parse(stdout) as { clientVersion?: { gitVersion?: string } };
    const version = answer.clientVersion?.gitVersion;
    return version !== undefined && /^v\d+\.\d+/.test(version) ? version : undefined;
  } catch {
    // Something else of that name, or one too old for JSON: not a kubectl to rely on.
    return undefined;
  }
}
