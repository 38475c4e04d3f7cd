import { afterEach, describe, expect, test } from "vitest";
import { operatorSecretsRole, untilAllowed } from "./access.ts";
import { useBench } from "./bench.ts";
import { Judged } from "./judged.ts";
import { container, deployment, type Manifest, only, policy } from "./objects.ts";
import type { RunningOperator } from "./running-operator.ts";

const bench = useBench({ operator: false, audit: true });

const secrets = { group: "", resource: "secrets" };
const idle = ["no-token-secret", "secret-exists"].map((rule) => ({ rule, reason: "NeedsSecretMetadata" }));

function secret(namespace: string, name: string, more: Partial<Manifest> = {}): Manifest {
  return { apiVersion: "v1", kind: "Secret", metadata: { namespace, name }, stringData: { key: "value" }, ...more };
}

/** A Deployment that wants two Secrets, of which one is there, and a Secret that holds the token of an account. */
async function setUp(prefix: string): Promise<{ readonly namespace: string; readonly judged: Judged }> {
  const namespace = await bench.namespace(prefix);
  const envFrom = ["there", "missing"].map((name) => ({ secretRef: { name } }));
  const metadata = { namespace, name: "deployer" };
  for (const object of [
    deployment({ name: "web", namespace, containers: [container("app", { envFrom })] }),
    secret(namespace, "there"),
    { apiVersion: "v1", kind: "ServiceAccount", metadata },
    secret(namespace, "token", {
      metadata: { namespace, name: "token", annotations: { "kubernetes.io/service-account.name": "deployer" } },
      type: "kubernetes.io/service-account-token",
    }),
  ])
    await bench.apply(object);
  // The third judges the Deployment in any case, so that there is a report.
  const rules = only("secret-exists", "no-token-secret", "no-privileged");
  await bench.apply(policy(namespace, { match: { namespaces: { include: [namespace] } }, rules }));
  const judged = new Judged(bench, namespace);
  await judged.untilScanned();
  return { namespace, judged };
}

const missing = "Deployment.apps/web secret-exists containers[name=app].envFrom";
const token = "Secret/token no-token-secret type";

describe("rules that live by the metadata of Secrets", () => {
  let operator: RunningOperator | undefined;
  afterEach(async () => {
    await operator?.stop();
  });

  async function lead(...flags: readonly string[]): Promise<void> {
    operator = await bench.startOperator(flags);
    await operator.leads();
  }

  test("are inactive by default, without a hole, and nobody asks for a Secret", async () => {
    await lead();
    const { namespace, judged } = await setUp("default");

    const status = await judged.status();
    expect(status.inactiveRules).toEqual(idle);
    expect(status.coverage).toEqual({ percent: 100, holes: [] });
    expect(await judged.conditions()).toEqual(["Ready=True InForce"]);
    expect(await judged.rows(namespace)).toEqual([]);
    expect(bench.audited().filter(({ objectRef }) => objectRef?.resource === "secrets")).toEqual([]);
  });

  test("are active with the setting, and where the right is missing the hole says what grants it", async () => {
    await lead("--secret-metadata");
    const { namespace, judged } = await setUp("refused");

    const status = await judged.status();
    expect(status.inactiveRules).toEqual([]);
    expect(status.coverage?.holes).toMatchObject([{ kind: "Secret", reason: "Forbidden" }]);
    expect(status.coverage?.holes?.[0]?.message).toContain("apply the ClusterRole pawl-scan-secrets");
    expect(await judged.conditions()).toEqual(["Degraded=True IncompleteCoverage", "Ready=True InForce"]);
    expect(await judged.rows(namespace)).toEqual([]);
  });

  test("judge with the setting and the right, by lists and watches only", async () => {
    await bench.apply(operatorSecretsRole());
    await untilAllowed(bench, secrets, true);
    await lead("--secret-metadata");
    const { namespace, judged } = await setUp("granted");

    // What rests on something not being there has to hold for a minute.
    await judged.untilRows(namespace, [`${missing} Known`, `${token} Known`], { timeoutMs: 90_000 });
    expect((await judged.status()).coverage).toEqual({ percent: 100, holes: [] });
    expect((await judged.status()).inactiveRules).toEqual([]);
    await bench.apply(secret(namespace, "missing"));
    await judged.untilRows(namespace, [`${token} Known`]);
    await bench.delete(secret(namespace, "token"));
    await judged.untilCounts(namespace, { new: 0, known: 0, fixed: 2 });
    const asked = bench.audited().filter(({ objectRef }) => objectRef?.resource === "secrets");
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter(({ verb }) => verb !== "list" && verb !== "watch")).toEqual([]);
  });
});
