import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Kubectl } from "../../kubectl.ts";
import { manifests, policyName, root } from "../manifests.ts";
import { readPolicy } from "../reads.ts";
import { expectSoon, type Stage } from "../stage.ts";

/** Applies the Policy and waits until it has judged the whole cluster. */
export async function applyPolicy(stage: Stage, kubectl: Kubectl): Promise<void> {
  const { screen, signal } = stage;
  screen.stage("Say what is expected of production");
  screen.command(`cat ${manifests.policy}`);
  screen.output(readFileSync(join(root, manifests.policy), "utf8"));
  screen.command(`kubectl apply -f ${manifests.policy}`);
  screen.output(await kubectl.run(["apply", "-f", manifests.policy], { signal }));
  await expectSoon(stage, "policyReady", {
    read: async (read) => (await readPolicy(kubectl, policyName, read)).status,
    holds: (status) =>
      status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") === true &&
      (status.summary?.resources ?? 0) > 0 &&
      status.coverage?.percent === 100,
    describe: (status) => (status === undefined ? "a Policy without status" : `status ${JSON.stringify(status)}`),
  });
  screen.say("It compiled, and everything that it speaks about has been read and judged:");
  screen.say();
  screen.command("kubectl get ppol");
  screen.output(await kubectl.run(["get", "ppol"], { signal }));
}
