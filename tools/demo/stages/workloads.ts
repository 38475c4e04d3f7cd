import type { Kubectl } from "../../kubectl.ts";
import { CronJob, jobsOf } from "../jobs.ts";
import { manifests } from "../manifests.ts";
import { readWorkloads, type Workload } from "../reads.ts";
import { expectSoon, type Stage } from "../stage.ts";

const nights = 12;

/** Fills the cluster with what was there before Pawl came. */
export async function deployWorkloads(stage: Stage, kubectl: Kubectl): Promise<void> {
  const { screen, signal } = stage;
  screen.stage("A cluster that has lived for a while");
  screen.say("payments  in good order: limits, probes, budgets, locked-down containers");
  screen.say("shop      in debt: it sells, but everybody has left something out; Argo CD keeps one of its Deployments");
  screen.say("legacy    broken: privileged agents, an Ingress for every host, cluster-admin for a build job");
  screen.say();
  const apply = async (...args: readonly string[]) => {
    screen.command(`kubectl apply ${args.join(" ")}`);
    await kubectl.run(["apply", ...args], { signal });
  };
  await apply("-f", manifests.namespaces);
  await untilPodsAreAdmitted(stage, kubectl);
  await apply("-f", manifests.payments, "-f", manifests.shop, "-f", manifests.legacy);
  await apply("--server-side", "--field-manager=argocd-controller", "-f", manifests.shopByArgoCd);
  await createJobs(kubectl, signal);
  await expectSoon(stage, "settled", {
    read: (read) => readWorkloads(kubectl, "deployments,replicasets,cronjobs,jobs,pods", read),
    holds: (all) => parts(all).every(({ done, of }) => done === of && of > 0),
    describe: (all) =>
      parts(all)
        .map(({ what, done, of }) => `${done} of ${of} ${what}`)
        .join(", "),
  });
}

/** A Pod is refused until the controller manager has given its namespace the account `default`. */
async function untilPodsAreAdmitted({ patienceMs, signal }: Stage, kubectl: Kubectl): Promise<void> {
  const timeout = `--timeout=${Math.ceil(patienceMs / 1000)}s`;
  for (const namespace of ["payments", "shop", "legacy"])
    await kubectl.run(["wait", "--for=create", "serviceaccount/default", "-n", namespace, timeout], { signal });
}

/** A CronJob's Jobs come one a night; the demo cannot wait for twelve nights. */
async function createJobs(kubectl: Kubectl, signal: AbortSignal): Promise<void> {
  const cronJob = CronJob.parse(await kubectl.json(["get", "cronjob", "order-export", "-n", "shop"], { signal }));
  const items = jobsOf(cronJob, nights, new Date());
  const input = JSON.stringify({ apiVersion: "v1", kind: "List", items });
  await kubectl.run(["create", "-f", "-"], { input, signal });
}

function parts(all: readonly Workload[]): readonly { what: string; done: number; of: number }[] {
  const having = (owners: readonly Workload[], kind: string) =>
    owners.filter((owner) => all.some((each) => each.kind === kind && isControlledBy(each, owner))).length;
  const deployments = all.filter(({ kind }) => kind === "Deployment");
  const jobs = all.filter(({ kind }) => kind === "Job");
  return [
    { what: "Deployments have a ReplicaSet", done: having(deployments, "ReplicaSet"), of: deployments.length },
    { what: "Jobs are there", done: jobs.length, of: nights },
    { what: "Jobs have a Pod", done: having(jobs, "Pod"), of: jobs.length },
  ];
}

function isControlledBy({ metadata }: Workload, owner: Workload): boolean {
  return (
    metadata.namespace === owner.metadata.namespace &&
    metadata.ownerReferences.some(
      ({ kind, name, controller }) => controller === true && kind === owner.kind && name === owner.metadata.name,
    )
  );
}
