import { once } from "node:events";
import { policyName } from "../manifests.ts";
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
  for (const line of [
    `export KUBECONFIG=${kubectl.kubeconfig}`,
    `alias kubectl=${kubectl.binary}`,
    "kubectl get pawl -A                                       # all of Pawl's kinds",
    `kubectl get sr ${policyName} -n shop -o yaml                # a whole report`,
    "kubectl explain ppol.spec                                 # what a Policy can say",
    "kubectl delete deployment recommendations -n shop         # what was New is gone",
    "kubectl rollout undo deployment search -n shop            # what was fixed is Known again, without a word",
    `kubectl annotate ppol ${policyName} --overwrite pawl.dev/scan-requested-at="$(date)"   # a full scan now`,
    `curl -s ${endpoints.metricsUrl} | grep ^pawl_`,
    `tail -f ${workplace.operatorLog}`,
  ])
    screen.say(`  ${line}`);
  screen.say();
  if (!signal.aborted) await once(signal, "abort");
  throw signal.reason;
}
