import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Cluster } from "./cluster.ts";

/** The image that manifests name; whatever is under test takes its place, because a machine may reach no registry. */
const placeholder = "example.com/node:24";

/** Applies a scenario's manifests, with real containers: they run the Node of the operator's own image. */
export async function apply(cluster: Cluster, file: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "pawl-e2e-"));
  try {
    const path = join(folder, "manifests.yaml");
    writeFileSync(path, readFileSync(file, "utf8").replaceAll(placeholder, cluster.image));
    await cluster.kubectl("apply", "--filename", path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
