import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { loadAll } from "js-yaml";
import { sayOnStderr } from "../../../tools/control-plane/progress.ts";
import { findHelm } from "../../../tools/helm/helm.ts";
import { root } from "../../docs/pages.ts";

export const chartFolder = join(root, "chart");

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: unknown;
}

const run = promisify(execFile);

/** @throws the error of `execFile`, whose `stderr` is what Helm said */
export async function helm(args: readonly string[], kubeconfig?: string): Promise<string> {
  const env = { ...process.env, ...(kubeconfig === undefined ? {} : { KUBECONFIG: kubeconfig }) };
  const { stdout } = await run(await findHelm(process.env, sayOnStderr), args, { env, maxBuffer: 2 ** 26 });
  return stdout;
}

/** The objects that the chart makes of these values. */
export async function rendered(...args: readonly string[]): Promise<readonly Manifest[]> {
  return manifests(await helm(["template", "pawl", chartFolder, "--namespace", "pawl-system", ...args]));
}

export function manifests(text: string): readonly Manifest[] {
  return (loadAll(text) as (Manifest | null)[]).filter((one) => one !== null);
}
