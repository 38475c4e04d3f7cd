import { existsSync } from "node:fs";
import { join } from "node:path";
import { cacheRoot, thisPlatform } from "../control-plane/cache.ts";
import { findOnPath } from "../control-plane/executables.ts";
import { goBuild } from "../control-plane/go-build.ts";
import { withLock } from "../control-plane/lock.ts";
import type { Say } from "../control-plane/progress.ts";

/** The version that go.mod beside this file pins. */
const helmVersion = "4.3.1";

/**
 * The path of a `helm`: the one that `HELM` names, our cache, else built there from its pinned Go module (about five minutes on two cores). Whatever
 * lies on the PATH is left alone unless it is asked for: its version decides what a test says.
 * @throws GoBuildError
 */
export async function findHelm(env: NodeJS.ProcessEnv, say: Say): Promise<string> {
  if (env.HELM !== undefined && env.HELM !== "") return findOnPath(env.HELM, env) ?? env.HELM;
  const { os, arch } = thisPlatform();
  const folder = join(cacheRoot(env), `helm-${helmVersion}-${os}-${arch}`);
  const helm = join(folder, "helm");
  if (existsSync(helm)) return helm;
  await withLock(join(cacheRoot(env), "build.lock"), { what: `getting Helm ${helmVersion}`, say }, async () => {
    if (existsSync(helm)) return;
    const build = {
      what: `Helm ${helmVersion}`,
      moduleDir: import.meta.dirname,
      commands: new Map([["helm", "helm.sh/helm/v4/cmd/helm"]]),
      // Unstamped it calls itself v4.3 without a patch, which charts that ask for a version refuse.
      linkerFlags: [`-X helm.sh/helm/v4/internal/version.version=v${helmVersion}`],
      toDir: folder,
    };
    await goBuild(build, env, say);
  });
  return helm;
}
