import { type ControlPlane, startControlPlane } from "../../control-plane/index.ts";
import { Kubectl } from "../../kubectl.ts";
import { root } from "../manifests.ts";
import { expectSoon, type Stage } from "../stage.ts";

export interface Cluster extends AsyncDisposable {
  readonly controlPlane: ControlPlane;
  /** As administrator. */
  readonly kubectl: Kubectl;
}

/** Starts a real control plane. The first time on a machine this gets or builds its binaries, and says so as it goes. */
export async function raiseControlPlane(stage: Stage, home: string): Promise<Cluster> {
  stage.screen.stage("A Kubernetes control plane");
  stage.screen.say("etcd, API server and controller manager run as plain processes on this machine.");
  stage.screen.say("There is no node, so Pods stay Pending; to whoever reads the API, all the rest is real.");
  const controlPlane = await unlessAborted(
    startControlPlane({ onLog: (line) => stage.screen.progress(line) }),
    stage.signal,
  );
  const kubectl = new Kubectl({
    binary: controlPlane.binaries.kubectl,
    kubeconfig: controlPlane.kubeconfig,
    home,
    folder: root,
  });
  await expectSoon(stage, "served", {
    read: (signal) => kubectl.run(["get", "--raw", "/readyz"], { signal }),
    holds: (answer) => answer === "ok",
    describe: (answer) => `/readyz says ${answer}`,
  });
  stage.screen.say();
  stage.screen.command("kubectl version");
  stage.screen.output(await kubectl.run(["version"], { signal: stage.signal }));
  return { controlPlane, kubectl, [Symbol.asyncDispose]: () => controlPlane.dispose() };
}

/** A build may take minutes: Ctrl-C need not wait for it. What still starts then ends with this process. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
