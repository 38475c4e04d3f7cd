import { readdirSync } from "node:fs";
import { join } from "node:path";
import { kubectl, waitFor } from "../cluster.ts";

/** The generated CustomResourceDefinitions. */
export const crdsFolder = join(import.meta.dirname, "../../../crds");

/** Installs them into the shared control plane; test files that do so at once do not get in each other's way. */
export async function installCrds(): Promise<void> {
  await kubectl(["apply", "--server-side", "--force-conflicts", "--filename", crdsFolder]);
  await served();
}

/** Until every kind of ours is served and kubectl, which remembers what was there before, knows it. */
export async function served(kubeconfig?: string, folder = crdsFolder): Promise<void> {
  const options = kubeconfig === undefined ? {} : { kubeconfig };
  const names = readdirSync(folder)
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => file.slice("pawl.dev_".length, -".yaml".length))
    .map((plural) => `${plural}.pawl.dev`);
  await kubectl(
    ["wait", "--for=condition=Established", "--timeout=30s", ...names.map((name) => `crd/${name}`)],
    options,
  );
  await waitFor(() => kubectl(["get", names.join(","), "--all-namespaces"], options), {
    describe: "our kinds by kubectl",
  });
}
