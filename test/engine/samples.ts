import { type CompileOptions, compilePolicy } from "../../src/engine/compile-policy.ts";
import type { CompiledPolicy } from "../../src/engine/compiled-policy.ts";
import type { EvaluationContext } from "../../src/engine/evaluate-resource.ts";
import { createRegistry, type Registry } from "../../src/engine/registry.ts";
import type { KubeObject } from "../../src/engine/resource.ts";
import type { Rule } from "../../src/engine/rule.ts";
import type { PodSpecView } from "../../src/engine/views/pod-spec.ts";
import { viewResource } from "../../src/engine/views/resource-view.ts";
import { sampleRules } from "./sample-rules.ts";

/** Policies and objects for tests of the engine. */

export const release = { major: 1, minor: 36 };

export const registry: Registry = createRegistry(sampleRules);

export interface PolicyOptions extends Partial<CompileOptions> {
  readonly name?: string;
  readonly rules?: readonly Rule[];
}

/** @throws Error if the spec does not compile: the test is wrong then */
export function policyOf(spec: Readonly<Record<string, unknown>>, options: PolicyOptions = {}): CompiledPolicy {
  const { name = "production", rules, ...others } = options;
  const known = rules === undefined ? registry : createRegistry(rules);
  const result = compilePolicy({ metadata: { name, uid: `uid-of-${name}`, generation: 1 }, spec }, known, {
    release,
    ...others,
  });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.policy;
}

/** Every namespace has the label that names it. */
export const context: EvaluationContext = {
  namespaceLabels: (namespace) => new Map([["kubernetes.io/metadata.name", namespace]]),
};

interface Metadata {
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly generateName?: string;
  /** `Deployment.apps/checkout` in the spelling of a reference: apiVersion, kind, name. */
  readonly controller?: readonly [apiVersion: string, kind: string, name: string];
}

/** An object as the API server has it. */
export function live(
  apiVersion: string,
  kind: string,
  name: string,
  { namespace = "shop", labels, annotations, generateName, controller }: Metadata = {},
  content: Readonly<Record<string, unknown>> = {},
): KubeObject {
  const [ownerVersion, ownerKind, ownerName] = controller ?? [];
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespace === "" ? {} : { namespace }),
      uid: `uid-${kind}-${namespace}-${name}`,
      resourceVersion: "7",
      creationTimestamp: "2026-11-21T07:25:00Z",
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
      ...(generateName === undefined ? {} : { generateName }),
      ...(controller === undefined
        ? {}
        : {
            ownerReferences: [
              { apiVersion: ownerVersion, kind: ownerKind, name: ownerName, uid: "u", controller: true },
            ],
          }),
    },
    ...content,
  };
}

export interface Container {
  readonly name: string;
  readonly image?: string;
  readonly memory?: string;
}

export function podSpec(containers: readonly Container[], others: Readonly<Record<string, unknown>> = {}) {
  return { containers: containers.map(container), ...others };
}

export function container({ name, image = `registry.example.com/${name}:1`, memory }: Container) {
  return { name, image, ...(memory === undefined ? {} : { resources: { limits: { memory } } }) };
}

/** Has one container `app` without a memory limit, unless told otherwise. */
export function deployment(
  name: string,
  metadata: Metadata = {},
  spec: Readonly<Record<string, unknown>> = podSpec([{ name: "app" }]),
): KubeObject {
  const template = { metadata: { labels: { app: name } }, spec };
  return live("apps/v1", "Deployment", name, metadata, { spec: { replicas: 1, template } });
}

export function pod(
  name: string,
  metadata: Metadata = {},
  spec: Readonly<Record<string, unknown>> = podSpec([{ name: "app" }]),
): KubeObject {
  return live("v1", "Pod", name, metadata, { spec });
}

export function service(name: string, selector: Readonly<Record<string, string>>, metadata: Metadata = {}): KubeObject {
  return live("v1", "Service", name, metadata, { spec: { selector, ports: [{ port: 80 }] } });
}

export function serviceAccount(name: string, metadata: Metadata = {}): KubeObject {
  return live("v1", "ServiceAccount", name, metadata);
}

/** The view of a Pod's spec. */
export function podSpecOf(spec: KubeObject, annotations: Readonly<Record<string, string>> = {}): PodSpecView {
  const view = viewResource({ apiVersion: "v1", kind: "Pod", metadata: { name: "sample", annotations }, spec });
  if (view?.podSpec === undefined) throw new Error("no Pod");
  return view.podSpec;
}
