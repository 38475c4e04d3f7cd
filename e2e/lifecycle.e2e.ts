import { afterAll, beforeAll, describe, test } from "vitest";
import { findBinaries } from "../tools/control-plane/index.ts";
import { findHelm } from "../tools/helm/helm.ts";
import { Cluster } from "./cluster/cluster.ts";
import { createKindCluster, type KindCluster } from "./cluster/kind.ts";
import { scenarios } from "./scenarios/index.ts";

const say = (line: string) => void process.stderr.write(`e2e: ${line}\n`);

/** `make e2e` has built it. */
const image = "ghcr.io/pawl-dev/pawl:e2e";

let kind: KindCluster | undefined;
let cluster: Cluster;

beforeAll(async () => {
  const helm = await findHelm(process.env, say);
  const { binaries } = await findBinaries(process.env, say);
  kind = await createKindCluster("pawl-e2e", process.env, say);
  await kind.load(image);
  cluster = new Cluster({ kubectl: binaries.kubectl, helm, kubeconfig: kind.kubeconfig, image });
}, 900_000);

afterAll(async () => {
  if (process.env.KEEP === "1") say("KEEP=1: the cluster stays; kind delete cluster --name pawl-e2e removes it");
  else await kind?.[Symbol.asyncDispose]();
}, 120_000);

describe("an installation on kind", () => {
  test.each(scenarios)("$name", async (scenario) => {
    await scenario.run(cluster, say);
  });
});
