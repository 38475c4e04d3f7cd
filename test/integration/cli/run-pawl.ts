import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { inject } from "vitest";

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** One command of `pawl` as a process of its own. */
export async function runPawl(command: string, kubeconfig: string, ...args: readonly string[]): Promise<Ended> {
  const words = [inject("program"), command, "--kubeconfig", kubeconfig, ...args];
  try {
    return { code: 0, ...(await promisify(execFile)(process.execPath, words, { timeout: 60_000 })) };
  } catch (error) {
    return error as Ended;
  }
}
