import { describe, expect, it } from "vitest";
import { evaluate } from "../../src/engine/evaluate.ts";
import { fingerprint } from "../../src/engine/fingerprint.ts";
import type { KubeObject } from "../../src/engine/resource.ts";
import { context, policyOf, service } from "./samples.ts";

const policy = policyOf({
  rules: {
    packs: ["recommended", "pss-baseline", "network", "rbac", "reliability"],
    override: [{ id: "allowed-registries", params: { registries: ["registry.example.com"] } }],
  },
});

interface Container {
  readonly name: string;
  readonly image: string;
  readonly [field: string]: unknown;
}

interface Workload {
  readonly apiVersion?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly podSpec?: Readonly<Record<string, unknown>>;
  readonly containers?: readonly Container[];
}

const app: Container = {
  name: "app",
  image: "nginx:1.27",
  env: [
    { name: "A", value: "1" },
    { name: "B", value: "2" },
  ],
};
const proxy: Container = { name: "proxy", image: "envoy:1.30" };
const sound: Container = {
  name: "sound",
  image: "registry.example.com/sound:1",
  resources: { limits: { memory: "1Gi" } },
  livenessProbe: { httpGet: { port: 80 } },
};

function workload({
  apiVersion = "apps/v1",
  metadata,
  spec,
  podSpec,
  containers = [app, proxy],
}: Workload = {}): KubeObject {
  return {
    apiVersion,
    kind: "Deployment",
    metadata: {
      name: "checkout",
      namespace: "shop",
      uid: "1",
      resourceVersion: "1",
      creationTimestamp: "2026-11-21T07:25:00Z",
      ...metadata,
    },
    spec: {
      replicas: 2,
      template: {
        metadata: { labels: { app: "checkout" } },
        spec: { hostNetwork: true, serviceAccountName: "robot", containers, ...podSpec },
      },
      ...spec,
    },
  };
}

function fingerprints(...objects: readonly KubeObject[]): readonly string[] {
  const verdict = evaluate({
    objects: [...objects, service("old", { app: "gone" })],
    policies: [policy],
    context,
  }).policies.get(policy.name);
  return (verdict?.violations ?? []).map(({ resource, violation }) => fingerprint({ resource, ...violation }));
}

const before = fingerprints(workload());

describe("fingerprints", () => {
  it("are there to begin with, of every sort", () => {
    expect(before).toEqual([
      "allowed-registries shop Deployment.apps/checkout containers[name=app].image nginx",
      "allowed-registries shop Deployment.apps/checkout containers[name=proxy].image envoy",
      "liveness-probe shop Deployment.apps/checkout containers[name=app].livenessProbe",
      "liveness-probe shop Deployment.apps/checkout containers[name=proxy].livenessProbe",
      "memory-limit shop Deployment.apps/checkout containers[name=app].resources.limits.memory",
      "memory-limit shop Deployment.apps/checkout containers[name=proxy].resources.limits.memory",
      "no-host-network shop Deployment.apps/checkout hostNetwork",
      "service-account-exists shop Deployment.apps/checkout serviceAccountName",
      "service-target shop Service/old spec.selector",
    ]);
  });

  it.each<[string, Workload]>([
    ["other replicas", { spec: { replicas: 7 } }],
    ["a new tag", { containers: [{ ...app, image: "nginx:1.28" }, proxy] }],
    ["a digest in place of a tag", { containers: [{ ...app, image: `nginx@sha256:${"a".repeat(64)}` }, proxy] }],
    ["another order of containers", { containers: [proxy, app] }],
    ["a sound sidecar before the others", { containers: [sound, app, proxy] }],
    ["another API version", { apiVersion: "apps/v1beta2" }],
    [
      "another order of environment variables",
      {
        containers: [
          {
            ...app,
            env: [
              { name: "B", value: "2" },
              { name: "A", value: "1" },
            ],
          },
          proxy,
        ],
      },
    ],
    ["new labels and annotations", { metadata: { labels: { team: "payments" }, annotations: { note: "x" } } }],
    [
      "deletion and creation anew",
      { metadata: { uid: "2", resourceVersion: "900", creationTimestamp: "2026-11-22T07:25:00Z" } },
    ],
    [
      "another field manager",
      { metadata: { managedFields: [{ manager: "helm", operation: "Apply", apiVersion: "apps/v1" }] } },
    ],
    ["a default spelled out", { podSpec: { restartPolicy: "Always", dnsPolicy: "ClusterFirst" } }],
    [
      "a template label",
      {
        spec: {
          template: {
            metadata: { labels: { app: "checkout", version: "2" } },
            spec: { hostNetwork: true, serviceAccountName: "robot", containers: [app, proxy] },
          },
        },
      },
    ],
    [
      "a new generation and revision history",
      { metadata: { generation: 12 }, spec: { replicas: 2, revisionHistoryLimit: 3 } },
    ],
  ])("stay the same with %s", (_, edit) => {
    expect(fingerprints(workload(edit))).toEqual(before);
  });

  it("stay the same where the keys of the object come in another order", () => {
    const reversed = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(reversed);
      if (typeof value !== "object" || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, inner]) => [key, reversed(inner)]),
      );
    };
    expect(fingerprints(reversed(workload()) as KubeObject)).toEqual(before);
  });

  it("stay the same between a manifest and the live object it becomes", () => {
    const manifest = workload({
      metadata: { uid: undefined, resourceVersion: undefined, creationTimestamp: undefined },
    });
    expect(fingerprints(manifest)).toEqual(before);
  });

  it("grow by a new bad container in a workload that was bad already", () => {
    const worse = fingerprints(
      workload({ containers: [app, proxy, { name: "debug", image: "registry.example.com/debug:1" }] }),
    );
    expect(worse.filter((one) => !before.includes(one))).toEqual([
      "liveness-probe shop Deployment.apps/checkout containers[name=debug].livenessProbe",
      "memory-limit shop Deployment.apps/checkout containers[name=debug].resources.limits.memory",
    ]);
  });

  it("change where an image comes from another repository: its value class is part of them", () => {
    const other = fingerprints(workload({ containers: [{ ...app, image: "apache:2" }, proxy] }));
    expect(other.filter((one) => !before.includes(one))).toEqual([
      "allowed-registries shop Deployment.apps/checkout containers[name=app].image apache",
    ]);
  });
});
