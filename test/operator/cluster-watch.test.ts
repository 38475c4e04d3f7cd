import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { defaultOwnershipSettings } from "../../src/engine/ownership/ownership.ts";
import { systemClock } from "../../src/kube/clock.ts";
import { silentLogger } from "../../src/kube/logger.ts";
import { SyncSlots } from "../../src/kube/sync-slots.ts";
import type { HttpTransport } from "../../src/kube/transport.ts";
import { ClusterWatch } from "../../src/operator/cluster-watch.ts";
import { PolicyBook } from "../../src/operator/policy-book.ts";
import { createMetrics } from "../../src/telemetry/metrics.ts";
import { registry, release } from "../engine/samples.ts";
import { clientOver, transportTo } from "../kube/fake-cluster.ts";
import { policyObject } from "./policy-object.ts";

let transport: HttpTransport;
let book: PolicyBook;
let watch: ClusterWatch;

beforeEach(() => {
  // Nobody listens there, and nothing is asked.
  transport = transportTo("http://127.0.0.1:1");
  book = new PolicyBook(registry, { release });
  watch = new ClusterWatch({
    client: clientOver(transport),
    clock: systemClock,
    random: () => 0,
    logger: silentLogger,
    metrics: createMetrics({ version: "test", cluster: "" }),
    watchMetrics: { restart: () => undefined, activity: () => undefined },
    slots: new SyncSlots(),
    ownership: defaultOwnershipSettings,
    policies: () => book.inForce(),
    listener: {
      onChange: () => undefined,
      onKindCurrent: () => undefined,
      onReadLate: () => undefined,
      onNamespace: () => undefined,
      onNamespaceGone: () => undefined,
      onDiscoveryStale: () => undefined,
    },
  });
  book.upsert(policyObject());
  readNamespace({ env: "prod" });
});

afterEach(() => transport.close());

function readNamespace(labels: Readonly<Record<string, string>>): void {
  watch.onObject("Namespace", {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: "shop", uid: "uid of shop", labels },
  });
}

/** Whether what was judged before `happening` is judged anew by the next scan though its text is the same. */
function isJudgedAnew(kind: string, namespace: string, happening: () => void): boolean {
  const basis = watch.basis(kind, namespace);
  happening();
  return basis?.holds !== true;
}

describe("an object that has not changed", () => {
  test("is not judged anew while nothing else has changed", () => {
    const nothing = (): void => {
      readNamespace({ env: "prod" });
      book.upsert(policyObject({ resourceVersion: "2", status: { inForce: { generation: 1, spec: {} } } }));
      book.upsert(policyObject({ resourceVersion: "3", annotations: { "pawl.dev/scan-requested-at": "now" } }));
    };
    expect(isJudgedAnew("Deployment.apps", "shop", nothing)).toBe(false);
    expect(isJudgedAnew("ClusterRole.rbac.authorization.k8s.io", "", nothing)).toBe(false);
  });

  test("is judged anew when a policy was edited", () => {
    const edit = () => book.upsert(policyObject({ generation: 2, spec: { rules: { packs: ["strict"] } } }));
    expect(isJudgedAnew("Deployment.apps", "shop", edit)).toBe(true);
  });

  test("is judged anew when a policy came or went", () => {
    expect(
      isJudgedAnew("Deployment.apps", "shop", () => book.upsert(policyObject({ name: "another", uid: "2" }))),
    ).toBe(true);
    expect(isJudgedAnew("Deployment.apps", "shop", () => book.delete("another"))).toBe(true);
  });

  test("is judged anew when its policies were compiled for another release", () => {
    expect(isJudgedAnew("Deployment.apps", "shop", () => book.recompile({ major: 1, minor: 40 }))).toBe(true);
  });

  test("is judged anew when its namespace was relabelled, others are not", () => {
    expect(isJudgedAnew("Deployment.apps", "shop", () => readNamespace({ env: "dev" }))).toBe(true);
    expect(isJudgedAnew("Deployment.apps", "till", () => readNamespace({ env: "test" }))).toBe(false);
  });

  test("is judged anew when its namespace was not known before", () => {
    const kind = "Deployment.apps";
    watch.onGone("Namespace", { namespace: "", name: "shop" });
    expect(isJudgedAnew(kind, "shop", () => readNamespace({ env: "prod" }))).toBe(true);
  });

  test("is given in any case if it is a Namespace", () => {
    expect(watch.basis("Namespace", "")).toBeUndefined();
  });
});
