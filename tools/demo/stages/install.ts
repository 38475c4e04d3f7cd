import { resolve } from "node:path";
import { kinds } from "../../../src/api/kinds.ts";
import { freePort } from "../../control-plane/ports.ts";
import { root } from "../manifests.ts";
import { OperatorEndpoints } from "../operator-endpoints.ts";
import { expectSoon, type Stage } from "../stage.ts";
import type { Workplace } from "../workplace.ts";
import type { Cluster } from "./control-plane.ts";

/** Where config/rbac puts the operator. */
const account = { namespace: "pawl-system", serviceAccount: "pawl" };

export interface Operator extends AsyncDisposable {
  readonly endpoints: OperatorEndpoints;
}

/** Installs the API and the rights of the operator. */
export async function install(stage: Stage, { kubectl }: Cluster): Promise<void> {
  const { screen, signal } = stage;
  screen.stage("Install Pawl");
  screen.say("Its kinds, and an account that may read what rules judge and write reports, Events and its Lease.");
  screen.say();
  for (const args of [
    ["create", "namespace", account.namespace],
    ["apply", "-f", "crds", "-f", "config/rbac"],
  ]) {
    screen.command(`kubectl ${args.join(" ")}`);
    await kubectl.run(args, { signal });
  }
  screen.say();
  const plurals = kinds.map(({ plural }) => plural);
  await expectSoon(stage, "installed", {
    read: (read) => kubectl.run(["api-resources", "--api-group=pawl.dev", "--no-headers"], { signal: read }),
    holds: (table) => plurals.every((plural) => table.includes(`${plural} `)),
    describe: (table) => `kubectl api-resources says:\n${table}`,
  });
  screen.command("kubectl api-resources --api-group=pawl.dev");
  screen.output(await kubectl.run(["api-resources", "--api-group=pawl.dev"], { signal }));

  const user = `--as=system:serviceaccount:${account.namespace}:${account.serviceAccount}`;
  const mayList = async (kind: string, read: AbortSignal) =>
    (await kubectl.attempt(["auth", "can-i", "list", kind, "-A", user], { signal: read })).stdout.trim();
  const answers = await expectSoon(stage, "leastPrivilege", {
    read: async (read) => ({ pods: await mayList("pods", read), secrets: await mayList("secrets", read) }),
    holds: ({ pods, secrets }) => pods === "yes" && secrets === "no",
    describe: ({ pods, secrets }) => `may list Pods: ${pods}; may list Secrets: ${secrets}`,
  });
  for (const kind of ["pods", "secrets"] as const) {
    screen.command(`kubectl auth can-i list ${kind} -A ${user}`);
    screen.output(answers[kind]);
  }
}

/** Starts the operator under its own account, with a token that the API server has issued for it. */
export async function startOperator(
  stage: Stage,
  { controlPlane }: Cluster,
  workplace: Workplace,
  program: string,
): Promise<Operator> {
  const kubeconfig = await controlPlane.kubeconfigFor(account);
  const metrics = `127.0.0.1:${await freePort()}`;
  const health = `127.0.0.1:${await freePort()}`;
  const args = [
    "operator",
    `--kubeconfig=${kubeconfig}`,
    `--namespace=${account.namespace}`,
    `--metrics-address=${metrics}`,
    `--health-address=${health}`,
  ];
  stage.screen.hide(kubeconfig, "pawl.kubeconfig");
  stage.screen.hide(metrics, "127.0.0.1:8080");
  stage.screen.hide(health, "127.0.0.1:8081");
  stage.screen.say("The operator runs as that account, here as a process instead of a Pod:");
  stage.screen.say();
  stage.screen.command(`node ${program} ${args.join(" ")} &`);
  await workplace.startOperator(resolve(root, program), args);
  return {
    endpoints: new OperatorEndpoints({ metrics, health }),
    [Symbol.asyncDispose]: () => workplace.stopOperator(),
  };
}

/** Waits until the operator serves. */
export async function awaitOperator(stage: Stage, { endpoints }: Operator): Promise<void> {
  await expectSoon(stage, "operatorReady", {
    read: (read) => endpoints.readiness(read),
    holds: (status) => status === 200,
    describe: (status) => `/readyz answers ${status}`,
  });
}
