import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { ControlPlane } from "../../tools/control-plane/index.ts";

const run = promisify(execFile);

/** CPU and wall seconds of `kubectl get --raw` over these paths, one process each, start included. */
export async function kubectlRaw(
  plane: ControlPlane,
  paths: readonly string[],
): Promise<{ readonly cpuSeconds: number; readonly wallSeconds: number }> {
  // The last line of `times` adds up all children: `0m1.234s 0m0.567s`.
  const script = 'for path; do "$KUBECTL" get --raw "$path" > /dev/null || exit 1; done; times';
  const env = {
    ...process.env,
    KUBECTL: plane.binaries.kubectl,
    KUBECONFIG: plane.kubeconfig,
    KUBECACHEDIR: join(plane.dir, "kubectl-cache"),
  };
  const startedAt = performance.now();
  const { stdout } = await run("bash", ["-c", script, "bash", ...paths], { env });
  const wallSeconds = (performance.now() - startedAt) / 1000;
  const children = stdout.trim().split("\n").at(-1) ?? "";
  const seconds = [...children.matchAll(/(\d+)m([\d.]+)s/g)].map(([, m, s]) => 60 * Number(m) + Number(s));
  if (seconds.length !== 2) throw new Error(`bash says ${JSON.stringify(stdout)}`);
  return { cpuSeconds: seconds.reduce((sum, one) => sum + one, 0), wallSeconds };
}
