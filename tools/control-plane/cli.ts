/**
 * The control plane from a shell. What it is asked for goes to stdout, what it is doing to stderr:
 *   node tools/control-plane/cli.ts binaries   finds or makes the executables, prints their paths
 *   node tools/control-plane/cli.ts up         starts one in the background, prints `export KUBECONFIG=…`
 *   node tools/control-plane/cli.ts down       stops it
 *   node tools/control-plane/cli.ts pin 1.35.4 writes the pinned go.mod and go.sum of another Kubernetes version
 *   node tools/control-plane/cli.ts hold       (what `up` runs) owns it until SIGTERM
 */
import { BinariesUnavailableError } from "./binaries.ts";
import { DetachedClusterError, down, hold, up } from "./detached-cluster.ts";
import { findBinaries } from "./find-binaries.ts";
import { GoBuildError } from "./go-build.ts";
import { PartFailedError } from "./part.ts";
import { pinKubernetes } from "./pin.ts";
import { sayOnStderr as say } from "./progress.ts";
import { UnsupportedVersionError } from "./version.ts";

const commands: Readonly<Record<string, (...args: string[]) => Promise<void>>> = {
  binaries: async () => {
    const { version, binaries } = await findBinaries(process.env, say);
    say(`Kubernetes ${version}: all binaries are there`);
    for (const [name, path] of Object.entries(binaries)) console.log(`${name}\t${path}`);
  },
  up: async () => {
    const { kubeconfig, kubectl } = await up(process.env, say);
    say(`kubectl is ${kubectl}; stop with: make cluster-down`);
    console.log(`export KUBECONFIG=${shellQuoted(kubeconfig)}`);
  },
  down: async () => {
    say((await down(process.env, say)) ? "stopped, files removed" : "there was none");
  },
  pin: async (version = "") => {
    console.log(await pinKubernetes(version, process.env, say));
  },
  hold: () => hold(process.env, say),
};

const [name = "", ...args] = process.argv.slice(2);
const command = commands[name];
if (command === undefined || args.length !== (name === "pin" ? 1 : 0)) {
  say(`usage: node tools/control-plane/cli.ts ${Object.keys(commands).join("|")}`);
  process.exitCode = 2;
} else {
  try {
    await command(...args);
  } catch (error) {
    if (!isExpected(error)) throw error;
    say(error.message);
    process.exitCode = 1;
  }
}

/** Failures whose message is written for the user; of any other the stack is wanted. */
function isExpected(error: unknown): error is Error {
  return [BinariesUnavailableError, DetachedClusterError, GoBuildError, PartFailedError, UnsupportedVersionError].some(
    (kind) => error instanceof kind,
  );
}

function shellQuoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
