import { compilePolicy } from "../../../src/engine/compile-policy.ts";
import { evaluate } from "../../../src/engine/evaluate.ts";
import { createRegistry } from "../../../src/engine/registry.ts";
import { newestRelease } from "../../../src/engine/release.ts";
import { type KubeObject, resourceRef } from "../../../src/engine/resource.ts";
import { rules } from "../../../src/rules/index.generated.ts";

/** What a pack finds in these objects, as `Kind.group/name rule path`; cluster-scoped ones are judged too. */
export function violations(objects: readonly object[], pack: string): readonly string[] {
  const source = {
    metadata: { name: pack },
    spec: { match: { clusterResources: "Include" }, rules: { packs: [pack] } },
  };
  const compiled = compilePolicy(source, createRegistry(rules), { release: newestRelease });
  if (!compiled.ok) throw new Error(`pack ${pack}: ${JSON.stringify(compiled.problems)}`);
  const context = { namespaceLabels: () => new Map<string, string>() };
  const { policies, unusable } = evaluate({ objects: objects as KubeObject[], policies: [compiled.policy], context });
  if (unusable.length > 0) throw new Error(`not judged: ${unusable.map(({ reason }) => reason).join(", ")}`);
  return (policies.get(pack)?.violations ?? []).map(
    ({ resource, violation: { rule, path } }) => `${resourceRef(resource)} ${rule} ${path}`,
  );
}
