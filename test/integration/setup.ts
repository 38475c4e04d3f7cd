import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { type ControlPlane, startControlPlane } from "../../tools/control-plane/index.ts";
import type { SharedCluster } from "./cluster.ts";

declare module "vitest" {
  interface ProvidedContext {
    cluster: SharedCluster;
    /** The file that Node runs as `pawl`: today's sources, bundled as they are for the image. */
    program: string;
  }
}

let shared: ControlPlane | undefined;
let bundle: string | undefined;

/** One control plane for the whole run, with an audit log so that tests can count who wrote how often; and one bundle of the program. */
export async function setup(project: TestProject): Promise<void> {
  bundle = mkdtempSync(join(tmpdir(), "pawl-bundle-"));
  execFileSync(process.execPath, [join(import.meta.dirname, "../../tools/bundle.ts"), bundle]);
  project.provide("program", join(bundle, "pawl.js"));
  shared = await startControlPlane({ auditPolicy: "Metadata" });
  const { version, kubeconfig, admin, binaries, auditLog = "" } = shared;
  project.provide("cluster", { version, kubeconfig, admin, kubectl: binaries.kubectl, auditLog });
}

export async function teardown(): Promise<void> {
  await shared?.dispose();
  if (bundle !== undefined) rmSync(bundle, { recursive: true, force: true });
}
