import type { Bench } from "./bench.ts";
import { Judged } from "./judged.ts";
import { type Manifest, only, type PolicySpecInput, policy } from "./objects.ts";

export interface SceneOptions {
  /** Of namespace and Policy. */
  readonly prefix: string;
  /** There before the Policy. */
  readonly before: (namespace: string) => readonly Manifest[];
  /** What else is done before the Policy is there. */
  readonly first?: (namespace: string) => Promise<unknown>;
  /** Default: only memory-limit. */
  readonly rules?: PolicySpecInput["rules"];
  readonly baseline?: PolicySpecInput["baseline"];
}

export interface Scene {
  readonly namespace: string;
  readonly judged: Judged;
  readonly spec: PolicySpecInput;
}

/** A namespace with what was there before, and a Policy of the same name for it alone that has scanned it once. */
export async function setScene(bench: Bench, options: SceneOptions): Promise<Scene> {
  const { prefix, before, first, rules = only("memory-limit"), baseline = {} } = options;
  const namespace = await bench.namespace(prefix);
  for (const object of before(namespace)) await bench.apply(object);
  await first?.(namespace);
  const spec = { match: { namespaces: { include: [namespace] } }, rules, baseline };
  const judged = new Judged(bench, namespace);
  await bench.apply(policy(namespace, spec));
  await judged.untilScanned();
  return { namespace, judged, spec };
}
