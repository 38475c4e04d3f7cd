import { homedir } from "node:os";
import { join } from "node:path";
import type { BinaryName } from "./binaries.ts";
import { ETCD_VERSION } from "./version.ts";

/** Go's names for operating system and processor, which Kubernetes' releases use too: `linux-amd64`. */
export interface Platform {
  readonly os: string;
  readonly arch: string;
}

export function thisPlatform(): Platform {
  return { os: process.platform, arch: process.arch === "x64" ? "amd64" : process.arch };
}

/** Everything of ours that may be made again: `$XDG_CACHE_HOME/pawl`, else `~/.cache/pawl`. */
export function cacheRoot(env: NodeJS.ProcessEnv): string {
  const base = env.XDG_CACHE_HOME;
  // The XDG specification: a relative path is to be ignored.
  return join(base?.startsWith("/") ? base : join(env.HOME ?? homedir(), ".cache"), "pawl");
}

/** Where finished binaries of one version lie; a file there is whole and may be used. */
export function cacheFolder(root: string, binary: BinaryName, kubernetesVersion: string, platform: Platform): string {
  const release = binary === "etcd" ? `etcd-${ETCD_VERSION}` : `kubernetes-${kubernetesVersion}`;
  return join(root, `${release}-${platform.os}-${platform.arch}`);
}
