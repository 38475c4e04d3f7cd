import * as fc from "fast-check";
import type { KubeObject } from "../../src/engine/resource.ts";
import { container, deployment, live, pod, podSpec, service, serviceAccount } from "./samples.ts";

/** Objects of a very small cluster, so that names meet: the same ones are created, changed, deleted and refer to each other. */

const names = fc.constantFrom("a", "b", "c");
const namespaces = fc.constantFrom("shop", "bank");
const labels = fc.constantFrom(
  {},
  { tier: "web" },
  { tier: "db", owner: "payments" },
  { team: "bank", "helm.sh/chart": "vault-1.2.3" },
);
const controllers = fc.constantFrom(
  undefined,
  ["apps/v1", "ReplicaSet", "a"] as const,
  ["apps/v1", "Deployment", "b"] as const,
  ["argoproj.io/v1alpha1", "Workflow", "c"] as const,
  ["v1", "Node", "node-1"] as const,
);

const containers = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom("app", "proxy", "init"),
    image: fc.constantFrom("registry.example.com/app:1", "nginx:1.27", "other.example.com/x@sha256:ab"),
    memory: fc.constantFrom("1Gi", "4Gi", ""),
  }),
  { selector: ({ name }) => name, minLength: 1, maxLength: 3 },
);

const specs = fc
  .record({
    containers,
    account: fc.constantFrom("default", "a", "robot", "break"),
    debug: fc.boolean(),
    host: fc.boolean(),
  })
  .map(({ containers: list, account, debug, host }) =>
    podSpec(
      list.map(({ memory, ...others }) => ({ ...others, ...(memory === "" ? {} : { memory }) })),
      {
        serviceAccountName: account,
        ...(debug ? { ephemeralContainers: [container({ name: "debug" })] } : {}),
        ...(host ? { hostNetwork: true } : {}),
      },
    ),
  );

const metadata = fc.record({ namespace: namespaces, labels });

const deployments = fc
  .tuple(names, metadata, specs, fc.constantFrom(undefined, ["argoproj.io/v1alpha1", "Workflow", "c"] as const))
  .map(([name, meta, spec, controller]) =>
    deployment(name, { ...meta, ...(controller === undefined ? {} : { controller }) }, spec),
  );

const pods = fc
  .tuple(names, metadata, specs, controllers, fc.boolean())
  .map(([name, meta, spec, controller, generated]) =>
    pod(
      name,
      { ...meta, ...(controller === undefined ? {} : { controller }), ...(generated ? { generateName: name } : {}) },
      spec,
    ),
  );

const replicaSets = fc
  .tuple(names, metadata, specs, controllers)
  .map(([name, meta, spec, controller]) =>
    live(
      "apps/v1",
      "ReplicaSet",
      name,
      { ...meta, ...(controller === undefined ? {} : { controller }) },
      { spec: { template: { spec } } },
    ),
  );

const workflows = fc
  .tuple(names, metadata, fc.boolean())
  .map(([name, meta, generated]) =>
    live("argoproj.io/v1alpha1", "Workflow", name, { ...meta, ...(generated ? { generateName: name } : {}) }),
  );

const configMaps = fc
  .tuple(names, metadata, fc.boolean())
  .map(([name, meta, broken]) =>
    live("v1", "ConfigMap", name, { ...meta, labels: { ...meta.labels, ...(broken ? { break: "x" } : {}) } }),
  );

const others = fc.oneof(
  fc.tuple(names, metadata, names).map(([name, meta, app]) => service(name, { app }, meta)),
  fc.tuple(names, metadata).map(([name, meta]) => serviceAccount(name, meta)),
  fc
    .tuple(names, labels)
    .map(([name, of]) => live("v1", "Namespace", name === "a" ? "shop" : name, { namespace: "", labels: of })),
);

export const arbitraryObject: fc.Arbitrary<KubeObject> = fc.oneof(
  deployments,
  pods,
  replicaSets,
  workflows,
  configMaps,
  others,
);
