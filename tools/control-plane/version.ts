import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** The Kubernetes version that demo and tests run on when nothing else is asked for. */
export const DEFAULT_KUBERNETES_VERSION = "1.36.3";

/** One etcd for every Kubernetes version: its API has been stable since 3.4. */
export const ETCD_VERSION = "3.7.3";

/** Pinned Go modules, one folder per version: `kubernetes-<version>/`, `etcd-<version>/`, each with go.mod and go.sum. */
export const MODULES_DIR = join(import.meta.dirname, "modules");

/** A version was asked for that has no committed go.mod and go.sum. */
export class UnsupportedVersionError extends Error {
  override readonly name = "UnsupportedVersionError";
}

/** Kubernetes versions with committed modules, oldest first. */
export function supportedKubernetesVersions(modulesDir: string = MODULES_DIR): string[] {
  return readdirSync(modulesDir)
    .filter((name) => name.startsWith("kubernetes-"))
    .filter((name) => ["go.mod", "go.sum"].every((file) => existsSync(join(modulesDir, name, file))))
    .map((name) => name.slice("kubernetes-".length))
    .sort(byVersion);
}

/**
 * The version that `PAWL_KUBERNETES_VERSION` names (`1.34.4`, `v1.34.4`, or the minor alone: `1.34`), else the default.
 * @throws UnsupportedVersionError for a version without committed modules
 */
export function chosenKubernetesVersion(env: NodeJS.ProcessEnv, modulesDir: string = MODULES_DIR): string {
  const asked = env.PAWL_KUBERNETES_VERSION?.trim();
  if (asked === undefined || asked === "") return DEFAULT_KUBERNETES_VERSION;
  const supported = supportedKubernetesVersions(modulesDir);
  const wanted = asked.replace(/^v/, "");
  const chosen = supported.findLast((version) => version === wanted || version.startsWith(`${wanted}.`));
  if (chosen === undefined)
    throw new UnsupportedVersionError(
      `PAWL_KUBERNETES_VERSION=${asked} has no pinned Go modules. Choose one of ${supported.join(", ")}, ` +
        "or pin it as tools/control-plane/README.md describes.",
    );
  return chosen;
}

/** `1.36.3` → [1, 36, 3]; whatever follows the three numbers (`-dispatcher`, `+k3s1`) is left out. */
export function versionNumbers(version: string): [major: number, minor: number, patch: number] {
  const match = /^v?(\d+)\.(\d+)(?:\.(\d+))?/.exec(version);
  if (match === null) throw new UnsupportedVersionError(`"${version}" is not a version like 1.36.3`);
  return [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
}

/** Kubernetes' own rule for kubectl: same major, at most one minor apart. */
export function withinOneMinor(client: string, server: string): boolean {
  const [clientMajor, clientMinor] = versionNumbers(client);
  const [serverMajor, serverMinor] = versionNumbers(server);
  return clientMajor === serverMajor && Math.abs(clientMinor - serverMinor) <= 1;
}

function byVersion(a: string, b: string): number {
  const [left, right] = [versionNumbers(a), versionNumbers(b)];
  return left[0] - right[0] || left[1] - right[1] || left[2] - right[2];
}
