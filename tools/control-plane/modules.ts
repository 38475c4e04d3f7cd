import { join } from "node:path";
import type { BinaryName, Findings, Way } from "./binaries.ts";
import { cacheFolder, type Platform } from "./cache.ts";
import { type GoBuild, GoBuildError, goBuild, versionStamp } from "./go-build.ts";
import type { Say } from "./progress.ts";
import { ETCD_VERSION, MODULES_DIR } from "./version.ts";

const PACKAGES: Readonly<Record<BinaryName, string>> = {
  etcd: "go.etcd.io/etcd/server/v3",
  "kube-apiserver": "k8s.io/kubernetes/cmd/kube-apiserver",
  "kube-controller-manager": "k8s.io/kubernetes/cmd/kube-controller-manager",
  kubectl: "k8s.io/kubernetes/cmd/kubectl",
};

export interface BuildSettings {
  readonly cacheRoot: string;
  readonly kubernetesVersion: string;
  readonly platform: Platform;
  readonly env: NodeJS.ProcessEnv;
  readonly say: Say;
}

/** Builds what is missing from the pinned Go modules into the cache: etcd in one build, Kubernetes' commands in another. */
export function modulesWay(settings: BuildSettings): Way {
  return {
    name: "a build of the pinned Go modules",
    find: async (missing): Promise<Findings> => {
      const found = new Map<BinaryName, string>();
      const reasons: string[] = [];
      for (const [build, names] of plannedBuilds(missing, settings)) {
        try {
          await goBuild(build, settings.env, settings.say);
          for (const name of names) found.set(name, join(build.toDir, name));
        } catch (error) {
          if (!(error instanceof GoBuildError)) throw error;
          reasons.push(`${build.what}: ${error.message}`);
        }
      }
      return { found, reasons };
    },
  };
}

export function plannedBuilds(
  missing: ReadonlySet<BinaryName>,
  settings: Pick<BuildSettings, "cacheRoot" | "kubernetesVersion" | "platform">,
): [GoBuild, BinaryName[]][] {
  const { cacheRoot, kubernetesVersion, platform } = settings;
  const kubernetes = [...missing].filter((name) => name !== "etcd").sort();
  const plan = (
    names: BinaryName[],
    what: string,
    module: string,
    linkerFlags: string[],
  ): [GoBuild, BinaryName[]][] => {
    const [first] = names;
    if (first === undefined) return [];
    const build: GoBuild = {
      what,
      moduleDir: join(MODULES_DIR, module),
      commands: new Map(names.map((name) => [name, PACKAGES[name]])),
      linkerFlags,
      toDir: cacheFolder(cacheRoot, first, kubernetesVersion, platform),
    };
    return [[build, names]];
  };
  return [
    ...plan(missing.has("etcd") ? ["etcd"] : [], `etcd ${ETCD_VERSION}`, `etcd-${ETCD_VERSION}`, []),
    ...plan(
      kubernetes,
      `Kubernetes ${kubernetesVersion}`,
      `kubernetes-${kubernetesVersion}`,
      versionStamp(kubernetesVersion),
    ),
  ];
}
