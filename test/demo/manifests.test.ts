import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadAll } from "js-yaml";
import { describe, expect, test } from "vitest";
import { compilePolicy, type PolicySource } from "../../src/engine/compile-policy.ts";
import { evaluate } from "../../src/engine/evaluate.ts";
import { createRegistry } from "../../src/engine/registry.ts";
import type { KubeObject } from "../../src/engine/resource.ts";
import { rules } from "../../src/rules/index.generated.ts";
import { manifests, root } from "../../tools/demo/manifests.ts";

function objectsOf(file: string): readonly KubeObject[] {
  return loadAll(readFileSync(join(root, file), "utf8")) as KubeObject[];
}

/** As on the live objects: what only manifests show is not judged. */
function violationsIn(...files: readonly string[]): readonly string[] {
  const [source] = objectsOf(manifests.policy);
  const compiled = compilePolicy(source as unknown as PolicySource, createRegistry(rules), {
    release: { major: 1, minor: 36 },
  });
  if (!compiled.ok) throw new Error(compiled.problems.map(({ message }) => message).join("; "));
  const { policies } = evaluate({
    objects: files.flatMap(objectsOf),
    policies: [compiled.policy],
    context: { namespaceLabels: () => new Map() },
  });
  const found = policies.get(compiled.policy.name)?.violations ?? [];
  return found.map(({ resource, violation }) => `${resource.kind} ${resource.name}: ${violation.rule}`);
}

describe("by the rules that there are,", () => {
  test("nothing in payments is violated", () => {
    expect(violationsIn(manifests.namespaces, manifests.payments)).toEqual([]);
  });

  test("shop is in debt, but nothing in it is critical to look at", () => {
    const found = violationsIn(manifests.shop, manifests.shopByArgoCd);
    expect(found).toEqual(
      expect.arrayContaining([
        "CronJob order-export: cronjob-concurrency",
        "Deployment cart: liveness-probe",
        "Deployment checkout: memory-limit",
        "Deployment search: no-latest-tag",
        "Deployment storefront: liveness-probe",
        "StatefulSet redis: memory-limit",
      ]),
    );
    expect(found).not.toContainEqual(expect.stringContaining("no-privileged"));
  });

  test("legacy shows every sort of thing that is broken", () => {
    expect(violationsIn(manifests.legacy)).toEqual(
      expect.arrayContaining([
        "ClusterRoleBinding legacy-build-admin: no-cluster-admin-binding",
        "DaemonSet node-agent: no-host-path",
        "DaemonSet node-agent: no-privileged",
        "Deployment billing: allowed-capabilities",
        "Deployment billing: configmap-exists",
        "Deployment billing: no-latest-tag",
        "Deployment invoices: service-account-exists",
        "Ingress catch-all: ingress-target",
        "Ingress catch-all: no-wildcard-ingress",
        "Pod debug-toolbox: no-naked-pod",
        "PodDisruptionBudget billing: pdb-fits-replicas",
        "Service billing: service-target",
      ]),
    );
  });

  test("the new Deployment is worse than what was there", () => {
    expect(violationsIn(manifests.newDeployment)).toEqual(
      expect.arrayContaining([
        "Deployment recommendations: memory-limit",
        "Deployment recommendations: no-latest-tag",
        "Deployment recommendations: no-privileged",
      ]),
    );
  });

  test("the repair leaves nothing of what was wrong with search", () => {
    const before = violationsIn(manifests.shop).filter((each) => each.startsWith("Deployment search:"));
    expect(before.length).toBeGreaterThan(0);
    expect(violationsIn(manifests.fixedDeployment)).toEqual([]);
  });
});
