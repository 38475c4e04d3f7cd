import type { TestProject } from "vitest/node";
import { type ControlPlane, startControlPlane } from "../../tools/control-plane/index.ts";
import type { SharedCluster } from "./cluster.ts";

declare module "vitest" {
  interface ProvidedContext {
    cluster: SharedCluster;
  }
}

let shared: ControlPlane | undefined;

/** One control plane for the whole run, with an audit log so that tests can count who wrote how often. */
export async function setup(project: TestProject): Promise<void> {
  shared = await startControlPlane({ auditPolicy: "Metadata" });
  const { version, kubeconfig, admin, binaries, auditLog = "" } = shared;
  project.provide("cluster", { version, kubeconfig, admin, kubectl: binaries.kubectl, auditLog });
}

export async function teardown(): Promise<void> {
  await shared?.dispose();
}
