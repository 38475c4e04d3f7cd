import { describe, expect, it } from "vitest";
import { PolicyMatch } from "../../src/api/policy-match.ts";
import type { CompiledPolicy } from "../../src/engine/compiled-policy.ts";
import { evaluateInventory } from "../../src/engine/evaluate-inventory.ts";
import { evaluateResource } from "../../src/engine/evaluate-resource.ts";
import { buildEvidence, type EvidenceInput } from "../../src/engine/evidence.ts";
import { ownerLookup } from "../../src/engine/folding.ts";
import { InventoryStore } from "../../src/engine/inventory-store.ts";
import type { Evidence, KindEvidence } from "../../src/engine/ledger/types.ts";
import type { KubeObject } from "../../src/engine/resource.ts";
import { context, deployment, live, pod, podSpec, policyOf } from "./samples.ts";

const policy = policyOf({ match: { kinds: ["*.argoproj.io"] } });
const now = 1_000_000;
const complete: KindEvidence = { state: "complete", served: true };

interface Options extends Partial<Pick<EvidenceInput, "previous" | "namespaceLabels" | "fullScan">> {
  readonly policy?: CompiledPolicy;
  readonly kinds?: Readonly<Record<string, KindEvidence>>;
  /** Objects that are there without a record: `Pod shop/web`. */
  readonly unrecorded?: readonly string[];
}

function evidenceOf(objects: readonly KubeObject[], options: Options = {}): Evidence {
  const judging = options.policy ?? policy;
  const judged = objects
    .map((object) => evaluateResource(object, [judging], context))
    .filter((one) => one !== undefined);
  const inventory = new InventoryStore();
  for (const { facts } of judged) if (facts !== undefined) inventory.upsert(facts);
  const kinds = new Map(Object.entries(options.kinds ?? {}));
  const isComplete = (kind: string) => kinds.get(kind)?.state !== "incomplete";
  return buildEvidence({
    policy: judging,
    namespace: { name: "shop", createdAt: 5 },
    namespaceLabels: options.namespaceLabels ?? new Map([["env", "prod"]]),
    judged,
    inventory: evaluateInventory(judging, judged, inventory, isComplete),
    kinds,
    owner: ownerLookup(judged),
    exists: (kind, namespace, name) => options.unrecorded?.includes(`${kind} ${namespace}/${name}`) ?? false,
    previous: options.previous,
    now,
    fullScan: options.fullScan ?? false,
  });
}

/** What a ledger sees: ref, then path and count of each violation. */
function seen(evidence: Evidence): readonly string[] {
  return [...evidence.resources].map(([ref, { violations }]) =>
    `${ref} ${[...violations.values()].map(({ violation, count }) => `${violation.path}×${count}`).join(" ")}`.trim(),
  );
}

const limit = (of: string) => `${of}.resources.limits.memory×1`;
const byDeployment = ["apps/v1", "Deployment", "checkout"] as const;
const byReplicaSet = ["apps/v1", "ReplicaSet", "checkout-5d8"] as const;
const byWorkflow = ["argoproj.io/v1alpha1", "Workflow", "build-x7k2p"] as const;
const limited = podSpec([{ name: "app", memory: "1Gi" }]);
const debugging = podSpec([{ name: "app" }], { ephemeralContainers: [{ name: "debug" }] });
const replicaSet = live("apps/v1", "ReplicaSet", "checkout-5d8", { controller: byDeployment });

describe("evidence", () => {
  describe("of who owns a resource", () => {
    const byFleet = ["example.com/v1", "Fleet", "all"] as const;
    const fleets = (kind: KindEvidence) => ({ kinds: { "Fleet.example.com": kind } });
    const shop = live("v1", "Namespace", "shop", { namespace: "", labels: { team: "shop" } });
    const web = deployment("web", { controller: byFleet });
    const ownershipOf = (objects: readonly KubeObject[], options?: Options) =>
      evidenceOf(objects, options).resources.get("Deployment.apps/web")?.ownership();

    it("is what it, its controller or its namespace says", () => {
      const fleet = live("example.com/v1", "Fleet", "all", { labels: { team: "fleets" } });
      expect(ownershipOf([deployment("web", { labels: { team: "web" } }), shop])).toEqual({ owner: "web" });
      expect(ownershipOf([web, fleet, shop], fleets(complete))).toEqual({ owner: "fleets" });
    });

    it("goes by the namespace where the controller's kind is not watched", () => {
      expect(ownershipOf([web, shop])).toEqual({ owner: "shop" });
    });

    it("is not known while a controller may be one that was not read yet", () => {
      expect(ownershipOf([web, shop], fleets({ state: "incomplete", since: 1, reason: "forbidden" }))).toBeUndefined();
    });
  });

  it("has every resource that is judged, also the clean ones", () => {
    const objects = [deployment("b"), deployment("a", {}, limited)];
    expect(seen(evidenceOf(objects))).toEqual([
      "Deployment.apps/a",
      `Deployment.apps/b ${limit("containers[name=app]")}`,
    ]);
  });

  it("has no resource for what is folded", () => {
    const objects = [
      deployment("checkout", {}, limited),
      replicaSet,
      pod("checkout-5d8-x", { controller: byReplicaSet }),
    ];
    expect(seen(evidenceOf(objects))).toEqual(["Deployment.apps/checkout"]);
  });

  it("puts what a debugged Pod shows on its top controller", () => {
    const objects = [
      deployment("checkout", {}, limited),
      replicaSet,
      pod("checkout-5d8-x", { controller: byReplicaSet }, debugging),
    ];
    expect(seen(evidenceOf(objects))).toEqual([`Deployment.apps/checkout ${limit("ephemeralContainers[name=debug]")}`]);
  });

  it("counts a debug container once, however many Pods have it", () => {
    const pods = ["x", "y"].map((name) => pod(name, { controller: byReplicaSet }, debugging));
    expect(seen(evidenceOf([deployment("checkout", {}, limited), replicaSet, ...pods]))).toEqual([
      `Deployment.apps/checkout ${limit("ephemeralContainers[name=debug]")}`,
    ]);
  });

  it("leaves a debugged Pod out whose controller is out of scope", () => {
    const web = policyOf({ match: { objectSelector: { matchLabels: { tier: "web" } } } });
    const labelled = pod("x", { controller: byReplicaSet, labels: { tier: "web" } }, debugging);
    expect(seen(evidenceOf([deployment("checkout"), replicaSet, labelled], { policy: web }))).toEqual([]);
  });

  it("says what a full scan is", () => {
    expect([evidenceOf([]).fullScan, evidenceOf([], { fullScan: true }).fullScan]).toEqual([false, true]);
  });

  it("does not depend on the order in which objects were seen", () => {
    const objects = [deployment("b"), deployment("a"), replicaSet, pod("z", { controller: byReplicaSet }, debugging)];
    expect(seen(evidenceOf([...objects].reverse()))).toEqual(seen(evidenceOf(objects)));
  });
});

describe("a family of generated names in evidence: LEDGER 5.1 and 5.2", () => {
  const job = (name: string, containers: readonly { name: string; memory?: string }[]) =>
    live("batch/v1", "Job", name, { generateName: "backup-" }, { spec: { template: { spec: podSpec(containers) } } });

  it("is one resource", () => {
    const evidence = evidenceOf([job("backup-a1", [{ name: "app" }]), job("backup-b2", [{ name: "app" }])]);
    expect(seen(evidence)).toEqual([`Job.batch/backup-* ${limit("containers[name=app]")}`]);
    expect(evidence.resources.get("Job.batch/backup-*")?.generated).toBe(true);
  });

  it("has whatever any sibling has", () => {
    const siblings = [job("backup-a1", [{ name: "one" }]), job("backup-b2", [{ name: "two" }])];
    expect(seen(evidenceOf(siblings))).toEqual([
      `Job.batch/backup-* ${limit("containers[name=one]")} ${limit("containers[name=two]")}`,
    ]);
  });

  it("has the elements of all its siblings", () => {
    const siblings = [job("backup-a1", [{ name: "one" }]), job("backup-b2", [{ name: "two" }])];
    const family = evidenceOf(siblings).resources.get("Job.batch/backup-*");
    expect(["one", "two", "three"].map((name) => family?.hasElement(`containers[name=${name}].image`))).toEqual([
      true,
      true,
      false,
    ]);
  });

  it("does not fall apart while its owner is gone and it is not yet", () => {
    const step = pod("build-x7k2p-step-1", { controller: byWorkflow });
    const workflow = live("argoproj.io/v1alpha1", "Workflow", "build-x7k2p", { generateName: "build-" });
    const kinds = { "Workflow.argoproj.io": complete };
    expect(seen(evidenceOf([workflow, step], { kinds }))).toContainEqual(expect.stringContaining("Pod/build-*"));
    const orphaned = evidenceOf([step], { kinds });
    expect([seen(orphaned), orphaned.outOfScope("Pod/build-x7k2p-step-1")]).toEqual([[], true]);
  });

  it("is not taken for gone with a Pod that owns others: a folded one leaves no record", () => {
    const executor = pod("exec-1", { controller: ["v1", "Pod", "driver"] });
    expect(seen(evidenceOf([executor], { kinds: { Pod: complete } }))).toEqual([
      `Pod/exec-1 ${limit("containers[name=app]")}`,
    ]);
  });

  it("goes by the object's own name where the owner's kind is not watched", () => {
    expect(seen(evidenceOf([pod("step-1", { controller: byWorkflow })]))).toEqual([
      `Pod/step-1 ${limit("containers[name=app]")}`,
    ]);
  });
});

describe("a resource in evidence", () => {
  it("has a shape that survives a new name and a new tag", () => {
    const of = (name: string, image: string) =>
      evidenceOf([deployment(name, {}, podSpec([{ name: "app", image }]))]).resources.get(`Deployment.apps/${name}`)
        ?.shape;
    expect(of("a", "shop/web:1")).toBe(of("b", "shop/web:2"));
    expect(of("a", "shop/web:1")).not.toBe(of("a", "shop/other:1"));
  });

  it("knows which of its list elements are still there", () => {
    const one = evidenceOf([deployment("a")]).resources.get("Deployment.apps/a");
    const paths = ["containers[name=app].image", "containers[name=old].image", "spec.replicas"];
    expect(paths.map((path) => one?.hasElement(path))).toEqual([true, false, true]);
  });

  it("keeps its own shape and gains the elements of Pods that it carries", () => {
    const objects = [deployment("checkout"), replicaSet, pod("x", { controller: byReplicaSet }, debugging)];
    const one = evidenceOf(objects).resources.get("Deployment.apps/checkout");
    expect(one?.shape).toBe(evidenceOf([deployment("checkout")]).resources.get("Deployment.apps/checkout")?.shape);
    expect(one?.hasElement("ephemeralContainers[name=debug].image")).toBe(true);
  });
});

describe("the previous scope", () => {
  const web = { objectSelector: { matchLabels: { tier: "web" } } };
  const previously = (match: Readonly<Record<string, unknown>>) => ({
    match: PolicyMatch.parse(match),
    holes: new Map(),
  });
  const inPreviousScope = (object: KubeObject, previous: Options["previous"], ...others: readonly KubeObject[]) =>
    [...evidenceOf([object, ...others], { previous }).resources.values()].map((one) => one.inPreviousScope);

  it("holds everything while there is none", () => {
    expect(inPreviousScope(deployment("a"), undefined)).toEqual([true]);
  });

  it("holds what a wider match held", () => {
    expect(inPreviousScope(deployment("a"), previously({}))).toEqual([true]);
  });

  it.each([
    ["namespaces", { namespaces: { include: ["bank"] } }],
    ["namespace labels", { namespaceSelector: { matchLabels: { env: "test" } } }],
    ["labels", web],
  ])("does not hold what the edit brought in by %s", (_, match) => {
    expect(inPreviousScope(deployment("a"), previously(match))).toEqual([false]);
  });

  it("goes by the labels of the object as it is now", () => {
    expect(inPreviousScope(deployment("a", { labels: { tier: "web" } }), previously(web))).toEqual([true]);
  });

  it("holds what the same match judges, although the labels of what was clean are gone", () => {
    const judging = policyOf({ match: web });
    const carrier = deployment("checkout", { labels: { tier: "web" } }, limited);
    const debugged = pod("x", { controller: byReplicaSet }, debugging);
    const evidence = evidenceOf([carrier, replicaSet, debugged], { policy: judging, previous: previously(web) });
    expect([...evidence.resources.values()].map((one) => one.inPreviousScope)).toEqual([true]);
  });

  it("goes by the place alone where the labels are gone", () => {
    const objects = [replicaSet, pod("x", { controller: byReplicaSet }, debugging)];
    const clean = deployment("checkout", {}, limited);
    expect(inPreviousScope(clean, previously(web), ...objects)).toEqual([true]);
    expect(inPreviousScope(clean, previously({ namespaces: { include: ["bank"] } }), ...objects)).toEqual([false]);
  });
});

describe("what is out of scope", () => {
  const web = policyOf({ match: { objectSelector: { matchLabels: { tier: "web" } } } });

  it("is what exists and is not judged", () => {
    const evidence = evidenceOf([deployment("a"), deployment("b", { labels: { tier: "web" } })], { policy: web });
    expect(["a", "b", "gone"].map((name) => evidence.outOfScope(`Deployment.apps/${name}`))).toEqual([
      true,
      false,
      false,
    ]);
  });

  it("is what has been folded since", () => {
    expect(evidenceOf([replicaSet]).outOfScope("ReplicaSet.apps/checkout-5d8")).toBe(true);
  });

  it("is a Pod that its controller answers for, of which nobody keeps a record", () => {
    const evidence = evidenceOf([replicaSet], { unrecorded: ["Pod shop/web"] });
    expect([evidence.outOfScope("Pod/web"), evidence.outOfScope("Pod/gone")]).toEqual([true, false]);
  });

  it("is a family of which siblings exist and none is judged", () => {
    const job = live("batch/v1", "Job", "backup-a1", { generateName: "backup-" });
    const evidence = evidenceOf([job], { policy: web });
    expect([evidence.outOfScope("Job.batch/backup-*"), evidence.outOfScope("Job.batch/other-*")]).toEqual([
      true,
      false,
    ]);
  });
});

describe("holes", () => {
  const rbac = policyOf({ rules: { packs: ["rbac"] } });
  const incomplete: KindEvidence = { state: "incomplete", since: 400, reason: "Forbidden" };

  it("are told of the kinds that the policy judges or reads, and of no others", () => {
    const kinds = { ServiceAccount: complete, Pod: complete, Service: complete };
    expect([...evidenceOf([], { policy: rbac, kinds }).kinds.keys()]).toEqual(["Pod", "ServiceAccount"]);
  });

  it("make the rules unverified that read the kind, since the kind is incomplete", () => {
    expect(evidenceOf([], { policy: rbac, kinds: { ServiceAccount: incomplete } }).rules).toEqual(
      new Map([
        ["service-account-exists", { since: 400, reason: "reads ServiceAccount, which is incomplete: Forbidden" }],
      ]),
    );
  });

  const breaking = policyOf({ rules: { override: [{ id: "fragile", severity: "Low" }] } });
  const broken = live("v1", "ConfigMap", "settings", { labels: { break: "this" } });

  it("are rules that threw, with their problems", () => {
    const evidence = evidenceOf([broken], { policy: breaking });
    expect(evidence.rules).toEqual(new Map([["fragile", { since: now, reason: "TypeError: cannot read this" }]]));
    expect(evidence.problems.map(({ rule, resource }) => [rule, resource])).toEqual([
      ["fragile", "ConfigMap/settings"],
    ]);
  });

  it("keep the instant at which they began", () => {
    const previous = { match: undefined, holes: new Map([["fragile", 123]]) };
    expect(evidenceOf([broken], { policy: breaking, previous }).rules.get("fragile")?.since).toBe(123);
  });

  it("close when the rule no longer throws", () => {
    const previous = { match: undefined, holes: new Map([["fragile", 123]]) };
    expect(evidenceOf([], { policy: breaking, previous }).rules).toEqual(new Map());
  });
});
