import { existsSync } from "node:fs";
import { join } from "node:path";
import { findOnPath } from "../control-plane/executables.ts";
import type { Say } from "../control-plane/progress.ts";
import { packageFolder, unpackPackage } from "./package.ts";

/** There is no Prometheus and none could be had; the message says what to do. */
export class NoPrometheusError extends Error {
  override readonly name = "NoPrometheusError";
}

/**
 * The path of a `prometheus`: the machine's, else Debian's, unpacked into our cache.
 * @throws NoPrometheusError
 */
export function findPrometheus(env: NodeJS.ProcessEnv, say: Say): string {
  const installed = findOnPath("prometheus", env);
  if (installed !== undefined) return installed;
  const unpacked = join(packageFolder("prometheus", env), "usr/bin/prometheus");
  if (existsSync(unpacked)) return unpacked;
  say("prometheus: downloading Debian's package (19 MB) …");
  try {
    unpackPackage("prometheus", env);
  } catch (error) {
    throw new NoPrometheusError("prometheus is not on the PATH, and apt-get could not download it: install it", {
      cause: error,
    });
  }
  if (!existsSync(unpacked)) throw new NoPrometheusError(`Debian's package holds no ${unpacked}: install prometheus`);
  return unpacked;
}
