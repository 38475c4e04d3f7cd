/**
 * `make image`: builds the image with the version of package.json and the commit that is checked out. Environment:
 * TAG, by default `pawl:<version>`; BASE=local where no image registry is reached; TARGET, a stage such as `test`.
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import manifest from "../../package.json" with { type: "json" };
import { LocalBaseError, localBase, makeLocalBase } from "./local-base.ts";

const root = join(import.meta.dirname, "../..");
const { BASE, TARGET = "image", TAG = `pawl:${manifest.version}`, NODE_EXTRA_CA_CERTS } = process.env;

const revision = execFileSync("git", ["rev-parse", "HEAD"], { cwd: root, encoding: "utf8" }).trim();
const args = [`VERSION=${manifest.version}`, `REVISION=${revision}`];
try {
  if (BASE === "local") {
    makeLocalBase(process.env, (line) => console.error(`image: ${line}`));
    args.push(`BASE=${localBase}`, `BUILD_BASE=${localBase}`);
    bringAuthorities();
  } else if (BASE !== undefined && BASE !== "") args.push(`BASE=${BASE}`);
  const words = [
    "build",
    "--network=host",
    "--target",
    TARGET,
    ...args.flatMap((arg) => ["--build-arg", arg]),
    "--tag",
    TAG,
    ".",
  ];
  console.error(`image: docker ${words.join(" ")}`);
  execFileSync("docker", words, { cwd: root, stdio: "inherit" });
} catch (error) {
  // What a command printed stands above already.
  console.error(`image: ${error instanceof LocalBaseError ? error.message : "docker build failed, see above"}`);
  process.exitCode = 1;
}

/** The machine's own authorities reach into the build, unless somebody has put others there. */
function bringAuthorities(): void {
  const target = join(root, "certs/machine.crt");
  if (NODE_EXTRA_CA_CERTS === undefined || !existsSync(NODE_EXTRA_CA_CERTS)) return;
  if (existsSync(target) && readFileSync(target).equals(readFileSync(NODE_EXTRA_CA_CERTS))) return;
  copyFileSync(NODE_EXTRA_CA_CERTS, target);
}
