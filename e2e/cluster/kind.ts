import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { findOnPath } from "../../tools/control-plane/executables.ts";
import type { Say } from "../../tools/control-plane/progress.ts";

const run = promisify(execFile);

/** What the end-to-end run needs and does not bring along is missing; the message says what to install. */
export class MissingToolError extends Error {
  override readonly name = "MissingToolError";
}

/** A real cluster with a kubelet; gone when it is disposed of. */
export interface KindCluster extends AsyncDisposable {
  readonly kubeconfig: string;
  /** Makes an image of the local engine known to the nodes. */
  load(image: string): Promise<void>;
}

/**
 * Creates a cluster of kind's default node image, or of the one that `KIND_NODE_IMAGE` names.
 * @throws MissingToolError
 */
export async function createKindCluster(name: string, env: NodeJS.ProcessEnv, say: Say): Promise<KindCluster> {
  for (const tool of ["docker", "kind"])
    if (findOnPath(tool, env) === undefined)
      throw new MissingToolError(`${tool} is not on the PATH: the end-to-end tests take a Docker engine and kind`);
  const folder = mkdtempSync(join(tmpdir(), "pawl-e2e-"));
  const kubeconfig = join(folder, "kubeconfig");
  const kind = (...args: string[]) => run("kind", args, { env, timeout: 400_000 });
  const dispose = async () => {
    await kind("delete", "cluster", "--name", name, "--kubeconfig", kubeconfig);
    rmSync(folder, { recursive: true, force: true });
  };
  const image = env.KIND_NODE_IMAGE;
  say(`creating the kind cluster ${name}${image === undefined ? "" : ` of ${image}`} …`);
  // A run that was killed may have left one of the name.
  await kind("delete", "cluster", "--name", name, "--kubeconfig", kubeconfig);
  try {
    const node = image === undefined || image === "" ? [] : ["--image", image];
    await kind("create", "cluster", "--name", name, "--kubeconfig", kubeconfig, "--wait", "240s", ...node);
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    kubeconfig,
    load: async (loaded) => {
      say(`loading ${loaded} …`);
      await kind("load", "docker-image", loaded, "--name", name);
    },
    [Symbol.asyncDispose]: dispose,
  };
}
