import { readFileSync } from "node:fs";
import { loadAll } from "js-yaml";
import type { Cluster } from "./cluster.ts";

/** The image that manifests name; whatever is under test takes its place, because a machine may reach no registry. */
const placeholder = "example.com/node:24";

/** Applies a scenario's manifests, with real containers: they run the Node of the operator's own image. */
export async function apply(cluster: Cluster, file: string): Promise<void> {
  const text = readFileSync(file, "utf8").replaceAll(placeholder, cluster.image);
  await cluster.apply(...(loadAll(text) as object[]));
}
