import { join } from "node:path";
import { type Binaries, BinariesUnavailableError, locate, type Way } from "./binaries.ts";
import { cacheFolder, cacheRoot, thisPlatform } from "./cache.ts";
import { releasesWay } from "./download.ts";
import { assetsWay, folderWay, machineKubectlWay } from "./executables.ts";
import { withLock } from "./lock.ts";
import { modulesWay } from "./modules.ts";
import type { Say } from "./progress.ts";
import { pinnedFiles } from "./releases.ts";
import { chosenKubernetesVersion } from "./version.ts";

export interface FoundBinaries {
  /** As chosen: `1.36.3`. */
  readonly version: string;
  readonly binaries: Binaries;
}

/**
 * Executables of a control plane: from `KUBEBUILDER_ASSETS`, our cache, (kubectl) the machine, the official
 * release, or built from the pinned Go modules, in this order. Making them is done by one process at a time.
 * @throws UnsupportedVersionError, BinariesUnavailableError
 */
export async function findBinaries(env: NodeJS.ProcessEnv, say: Say): Promise<FoundBinaries> {
  const version = chosenKubernetesVersion(env);
  const platform = thisPlatform();
  const root = cacheRoot(env);
  const cache = folderWay("the cache", (binary) => cacheFolder(root, binary, version, platform));
  const there: Way[] = [assetsWay(env), cache, machineKubectlWay(env, version)];
  const taken: string[] = [];
  try {
    const binaries = await locate(there, (way, names) => {
      // That the cache had them is the usual thing and not worth a line each time.
      if (way !== cache && names.length > 0) taken.push(`${names.join(", ")} from ${way.name}`);
    });
    for (const line of taken) say(line);
    return { version, binaries };
  } catch (error) {
    if (!(error instanceof BinariesUnavailableError)) throw error;
  }
  const made = { cacheRoot: root, kubernetesVersion: version, platform, env, say };
  const ways = [...there, releasesWay({ ...made, files: pinnedFiles() }), modulesWay(made)];
  const binaries = await withLock(join(root, "build.lock"), { what: `getting Kubernetes ${version}`, say }, () =>
    locate(ways, (way, names, reasons) => {
      for (const reason of reasons) say(`not from ${way.name}: ${reason}`);
      if (names.length > 0) say(`${names.join(", ")} from ${way.name}`);
    }),
  );
  return { version, binaries };
}
