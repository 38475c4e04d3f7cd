import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { ApiClient, ApiStatusError, type ControlPlane, startControlPlane } from "../../tools/control-plane/index.ts";
import { until } from "./until.ts";

const root = join(import.meta.dirname, "../..");
const run = promisify(execFile);

/** Where config/rbac puts the operator. */
const account = { namespace: "pawl-system", serviceAccount: "pawl" };

/** The operator's name in RBAC and in the audit log. */
export const operatorUser = `system:serviceaccount:${account.namespace}:${account.serviceAccount}`;

/** A real control plane with Pawl installed. Nothing in it changes but what the bench and the operator do. */
export interface BenchCluster extends AsyncDisposable {
  readonly plane: ControlPlane;
  /** As administrator. */
  readonly client: ApiClient;
  /** Path of the operator's kubeconfig. */
  readonly kubeconfig: string;
}

/** @param audit with an audit log of all writes and reads, level Metadata */
export async function startBenchCluster({ audit = false } = {}): Promise<BenchCluster> {
  const plane = await startControlPlane({
    ...(audit ? { auditPolicy: "Metadata" as const } : {}),
    // Seeding asks for more at once than the API server grants one client.
    apiServerFlags: ["--max-mutating-requests-inflight=400", "--max-requests-inflight=800"],
  });
  const client = new ApiClient(plane.admin);
  const dispose = async () => {
    await client.close();
    await plane.dispose();
  };
  try {
    await install(plane, client);
    // It has aggregated the operator's rights; from here on it would collect what owns nothing real and add Pods of its own.
    await plane.controllerManager?.stop();
    return { plane, client, kubeconfig: await plane.kubeconfigFor(account), [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function install(plane: ControlPlane, client: ApiClient): Promise<void> {
  await client.request("POST", "/api/v1/namespaces", {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: account.namespace },
  });
  const files = ["crds", "config/rbac"].flatMap((folder) => ["--filename", join(root, folder)]);
  const env = { ...process.env, KUBECONFIG: plane.kubeconfig, KUBECACHEDIR: join(plane.dir, "kubectl-cache") };
  await run(plane.binaries.kubectl, ["apply", "--server-side", ...files], { env });
  await until("the kinds of Pawl", () => answers(client, "/apis/pawl.dev/v1alpha1/policies"));
  await until("the operator's aggregated rights", async () => {
    const path = "/apis/rbac.authorization.k8s.io/v1/clusterroles/pawl-scan";
    const { rules } = await client.request<{ readonly rules: readonly unknown[] | null }>("GET", path);
    return (rules ?? []).length > 0;
  });
}

async function answers(client: ApiClient, path: string): Promise<boolean> {
  try {
    await client.request("GET", path);
    return true;
  } catch (error) {
    // Not found yet, or found and not ready: a server refuses a new kind for a moment.
    if (error instanceof ApiStatusError && [404, 429].includes(error.status)) return false;
    throw error;
  }
}
