import type { z } from "zod";
import type { PolicySpec } from "../../../src/api/policy.ts";
import { createRegistry } from "../../../src/engine/registry.ts";
import { rules } from "../../../src/rules/index.generated.ts";

/** As a user writes it: whatever has a default may be absent. */
export type PolicySpecInput = z.input<typeof PolicySpec>;

/** An object as it is sent to the API server. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name?: string;
    readonly generateName?: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

type Rules = NonNullable<PolicySpecInput["rules"]>;

/** A Policy names at least one pack. */
const pack = "argo";
const packed = [...(createRegistry(rules).packs.get(pack)?.rules.keys() ?? [])];

/** What `rules` of a Policy says to enable these rules alone: a rule that joins a pack changes no test. */
export function overriding(...override: NonNullable<Rules["override"]>): Rules {
  const ids = new Set(override.map(({ id }) => id));
  return { packs: [pack], disable: packed.filter((id) => !ids.has(id)), override };
}

export function only(...ids: readonly string[]): Rules {
  return overriding(...ids.map((id) => ({ id, severity: "High" as const })));
}

export function policy(name: string, spec: PolicySpecInput): Manifest {
  return { apiVersion: "pawl.dev/v1alpha1", kind: "Policy", metadata: { name }, spec };
}

export interface ContainerOptions {
  readonly image?: string;
  /** Memory limit; without one, memory-limit is violated. */
  readonly memory?: string;
  readonly [field: string]: unknown;
}

export function container(name: string, options: ContainerOptions = {}): object {
  const { image = `registry.example.com/${name}:1.0`, memory, ...rest } = options;
  return { name, image, ...(memory === undefined ? {} : { resources: { limits: { memory } } }), ...rest };
}

export interface WorkloadOptions {
  readonly name: string;
  readonly namespace: string;
  /** Default: one container `app` without limits. */
  readonly containers?: readonly object[];
  /** More of the pod spec. */
  readonly pod?: object;
  readonly labels?: Readonly<Record<string, string>>;
  readonly replicas?: number;
}

/** By default without replicas: it takes no Pod to judge a Deployment. */
export function deployment(options: WorkloadOptions): Manifest {
  const { name, namespace, containers = [container("app")], pod = {}, labels = {}, replicas = 0 } = options;
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace, labels },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers, ...pod } },
    },
  };
}

/** One run of a CI pipeline: suspended, so that it stays as it is. */
export function job(
  generateName: string,
  { namespace, containers = [container("step")] }: Omit<WorkloadOptions, "name">,
): Manifest {
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { generateName, namespace },
    spec: { suspend: true, template: { spec: { restartPolicy: "Never", containers } } },
  };
}

export function configMap(namespace: string, name: string, data: Readonly<Record<string, string>> = {}): Manifest {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { namespace, name }, data };
}

export function service(namespace: string, name: string, selector: Readonly<Record<string, string>>): Manifest {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { namespace, name },
    spec: { selector, ports: [{ name: "http", port: 80 }] },
  };
}

export function ingress(namespace: string, name: string, backend: string): Manifest {
  const path = {
    path: "/",
    pathType: "Prefix",
    backend: { service: { name: backend, port: { name: "http" } } },
  };
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { namespace, name },
    spec: { rules: [{ host: `${name}.example.com`, http: { paths: [path] } }] },
  };
}
