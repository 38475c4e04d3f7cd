import { once } from "node:events";
import { manifests, policyName } from "../manifests.ts";
import type { OperatorEndpoints } from "../operator-endpoints.ts";
import type { Stage } from "../stage.ts";
import type { Workplace } from "../workplace.ts";
import type { Cluster } from "./control-plane.ts";

/** Leaves everything running, with hints what to try. Ends by throwing the reason of the stage's signal. */
export async function stayUp(
  { screen, signal }: Stage,
  { kubectl }: Cluster,
  endpoints: OperatorEndpoints,
  workplace: Workplace,
): Promise<never> {
  screen.stage("Your turn");
  screen.say("Everything stays up until Ctrl-C. In another terminal:");
  screen.say();
  screen.say(`  export KUBECONFIG=${kubectl.kubeconfig}`);
  screen.say(`  alias kubectl=${kubectl.binary}`);
  for (const [why, line] of [
    ["all that Pawl has written", "kubectl get pawl -A"],
    ["a whole report", `kubectl get sr ${policyName} -n shop -o yaml`],
    ["what a Policy can say", "kubectl explain ppol.spec"],
    ["what is New goes when its cause goes", "kubectl delete deployment recommendations -n shop"],
    ["what was fixed is Known again, without a word", `kubectl apply -f ${manifests.shop}`],
    ["a full scan now", `kubectl annotate ppol ${policyName} --overwrite pawl.dev/scan-requested-at="$(date)"`],
    ["all metrics", `curl -s ${endpoints.metricsUrl} | grep ^pawl_`],
    ["what the operator does", `tail -f ${workplace.operatorLog}`],
  ]) {
    screen.say();
    screen.say(`  # ${why}`);
    screen.say(`  ${line}`);
  }
  screen.say();
  if (!signal.aborted) await once(signal, "abort");
  throw signal.reason;
}
