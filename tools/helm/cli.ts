/** Prints the path of the Helm that tests use; builds it if it is not in the cache yet. */
import { GoBuildError } from "../control-plane/go-build.ts";
import { sayOnStderr } from "../control-plane/progress.ts";
import { findHelm } from "./helm.ts";

try {
  console.log(await findHelm(process.env, sayOnStderr));
} catch (error) {
  if (!(error instanceof GoBuildError)) throw error;
  console.error(`helm: ${error.message}`);
  process.exitCode = 1;
}
