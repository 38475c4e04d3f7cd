import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type Cluster, namespace } from "./cluster.ts";

const run = promisify(execFile);

/** Resolves with stdout, without a line end. Rejects with what docker printed. */
export async function docker(...args: readonly string[]): Promise<string> {
  const { stdout } = await run("docker", args, { maxBuffer: 2 ** 26, timeout: 180_000 });
  return stdout.trimEnd();
}

/**
 * What `docker run` and `docker create` take to run `pawl` out of the image under test: outside of the cluster, as administrator of it,
 * and with no rights on the machine.
 */
export async function pawl(cluster: Cluster, command: string, ...flags: readonly string[]): Promise<readonly string[]> {
  return [
    "--network=host",
    "--read-only",
    "--cap-drop=ALL",
    "--security-opt=no-new-privileges",
    "--user=65532:65532",
    `--volume=${await cluster.readableKubeconfig()}:/kubeconfig:ro`,
    cluster.image,
    command,
    "--kubeconfig=/kubeconfig",
    `--namespace=${namespace}`,
    ...flags,
  ];
}
