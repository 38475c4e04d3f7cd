import { existsSync } from "node:fs";
import { join } from "node:path";
import { findOnPath } from "../control-plane/executables.ts";
import type { Say } from "../control-plane/progress.ts";
import { packageFolder, unpackPackage } from "./package.ts";

/** A program of Prometheus is missing and could not be had; the message says what to do. */
export class NoPrometheusError extends Error {
  override readonly name = "NoPrometheusError";
}

/** Which of Debian's packages has it, and what that is to download. */
const programs = {
  prometheus: { debian: "prometheus", size: "19 MB" },
  promtool: { debian: "prometheus", size: "19 MB" },
  amtool: { debian: "prometheus-alertmanager", size: "9 MB" },
} as const;

/**
 * The path of a program: the machine's, else that of Debian's package, unpacked into our cache.
 * @throws NoPrometheusError
 */
export function findPrometheus(
  env: NodeJS.ProcessEnv,
  say: Say,
  program: keyof typeof programs = "prometheus",
): string {
  const installed = findOnPath(program, env);
  if (installed !== undefined) return installed;
  const { debian, size } = programs[program];
  const unpacked = join(packageFolder(debian, env), "usr/bin", program);
  if (existsSync(unpacked)) return unpacked;
  say(`${program}: downloading Debian's package ${debian} (${size}) …`);
  try {
    unpackPackage(debian, env);
  } catch (error) {
    throw new NoPrometheusError(`${program} is not on the PATH, and apt-get could not download it: install ${debian}`, {
      cause: error,
    });
  }
  if (!existsSync(unpacked)) throw new NoPrometheusError(`Debian's package holds no ${unpacked}: install ${debian}`);
  return unpacked;
}
