import { describe, expect, test } from "vitest";
import type { ScanReport } from "../../../src/api/scan-report.ts";
import { withoutRightTo } from "./access.ts";
import { useBench } from "./bench.ts";
import type { Judged } from "./judged.ts";
import { configMap, container, deployment, ingress, type Manifest, only, policy, service } from "./objects.ts";
import { setScene } from "./scene.ts";

const rules = only("configmap-exists", "ingress-target", "service-target");

/** How long a violation that rests on siblings holds before it is told, and what it may take until then. */
const pendingMs = 60_000;
const patience = { timeoutMs: pendingMs + 25_000 };

const settings = { envFrom: [{ configMapRef: { name: "settings" } }] };
const noLimit = "memory-limit containers[name=app].resources.limits.memory";
const missingSettings = "configmap-exists containers[name=app].envFrom";

function web(namespace: string): Manifest {
  return deployment({ name: "web", namespace, containers: [container("app", settings)] });
}

/**
 * An Ingress without its Service: what was there as early as it was, and holds, is told no later than this one. So nothing else was held
 * back when it is New.
 */
function canary(namespace: string): Manifest {
  return ingress(namespace, "canary", "nowhere");
}

async function untilCanary(judged: Judged, namespace: string): Promise<ScanReport> {
  return await judged.until(() => judged.report(namespace), {
    describe: `the violation of Ingress canary in the report of ${namespace}`,
    until: ({ changes }) => changes.some(({ ref, to }) => ref === "Ingress.networking.k8s.io/canary" && to === "New"),
    ...patience,
  });
}

const bench = useBench();

describe.concurrent("what rests on siblings", () => {
  test("does not flash as New when a chart brings a Deployment before what it refers to, or replaces that", async () => {
    const { namespace, judged } = await setScene(bench, {
      prefix: "helm",
      before: (namespace) => [
        deployment({ name: "old", namespace }),
        service(namespace, "old", { app: "old" }),
        ingress(namespace, "old", "old"),
      ],
      rules,
    });

    await bench.delete(service(namespace, "old", { app: "old" }));
    for (const object of [
      ingress(namespace, "web", "web"),
      service(namespace, "web", { app: "web" }),
      web(namespace),
    ]) {
      await bench.apply(object);
      await judged.scan();
    }
    await bench.apply(configMap(namespace, "settings"));
    await bench.apply(service(namespace, "old", { app: "old" }));
    await bench.apply(canary(namespace));

    const { changes } = await untilCanary(judged, namespace);
    expect(new Set(changes.map(({ ref }) => ref))).toEqual(new Set(["Ingress.networking.k8s.io/canary"]));
    expect(await judged.counts(namespace)).toEqual({ new: changes.length, known: 0, fixed: 0 });
    await judged.untilEvents(namespace, [
      expect.stringMatching(/^Warning ViolationFound Ingress\/canary New: ingress-target at /),
    ]);
  });

  test("is New after it has held for 60 seconds, and no earlier", async () => {
    const { namespace, judged } = await setScene(bench, {
      prefix: "pending",
      before: () => [],
      rules: only("configmap-exists", "memory-limit"),
    });
    const unlimited = `Deployment.apps/web ${noLimit} New`;

    const { metadata } = await bench.apply<{ readonly metadata: { readonly creationTimestamp: string } }>(
      web(namespace),
    );
    await judged.untilRows(namespace, [unlimited], { timeoutMs: 5_000 });
    await judged.untilRows(namespace, [`Deployment.apps/web ${missingSettings} New`, unlimited], patience);

    const [change] = (await judged.report(namespace))?.changes ?? [];
    const heldMs = Date.parse(change?.at ?? "") - Date.parse(metadata.creationTimestamp);
    // Both instants have whole seconds.
    expect(heldMs).toBeGreaterThanOrEqual(pendingMs - 1_000);
    expect(heldMs).toBeLessThanOrEqual(pendingMs + 5_000);
    await bench.apply(configMap(namespace, "settings"));
    await judged.untilRows(namespace, [unlimited], { timeoutMs: 5_000 });
  });

  test("is Known, silently, where it was there at the first scan", async () => {
    const { namespace, judged } = await setScene(bench, {
      prefix: "adopted",
      before: (namespace) => [web(namespace)],
      rules,
    });
    await bench.apply(canary(namespace));

    await untilCanary(judged, namespace);
    const rows = (await judged.rows(namespace)) ?? [];
    expect(rows.filter((row) => row.startsWith("Deployment"))).toEqual([
      `Deployment.apps/web ${missingSettings} Known`,
    ]);
    expect(await judged.entries(namespace)).toEqual([`Deployment.apps/web ${missingSettings}`]);
    expect(await judged.events(namespace)).not.toContainEqual(expect.stringContaining("Deployment/web"));
  });

  test("is looked at again when its sibling in another namespace comes or goes", async () => {
    const lender = await bench.namespace("lender");
    const account: Manifest = {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { namespace: lender, name: "robot" },
    };
    await bench.apply(account);
    const { namespace, judged } = await setScene(bench, {
      prefix: "borrower",
      before: (own) => [
        {
          apiVersion: "rbac.authorization.k8s.io/v1",
          kind: "RoleBinding",
          metadata: { namespace: own, name: "robot" },
          roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" },
          subjects: [{ kind: "ServiceAccount", namespace: lender, name: "robot" }],
        },
      ],
      rules: only("binding-subject-exists"),
    });
    await judged.untilRows(namespace, []);

    await bench.delete(account);
    const row = "RoleBinding.rbac.authorization.k8s.io/robot binding-subject-exists subjects New";
    await judged.untilRows(namespace, [row], patience);
    await bench.apply(account);
    await judged.untilRows(namespace, [], { timeoutMs: 5_000 });
  });

  test("is adopted, and told once, where an edit enables its rule", async () => {
    const { namespace, judged, spec } = await setScene(bench, {
      prefix: "enabled",
      before: (namespace) => [web(namespace)],
    });

    await bench.apply(policy(namespace, { ...spec, rules: only("memory-limit", "configmap-exists") }));
    await judged.scan();
    await bench.apply(deployment({ name: "worse", namespace, containers: [container("app", settings)] }));

    const rows = [
      `Deployment.apps/web ${missingSettings} Known`,
      `Deployment.apps/web ${noLimit} Known`,
      `Deployment.apps/worse ${missingSettings} New`,
      `Deployment.apps/worse ${noLimit} New`,
    ];
    await judged.untilRows(namespace, rows, patience);
    await judged.until(() => judged.news("RuleAdopted"), {
      describe: "the Event RuleAdopted",
      until: (news) => news.length > 0,
    });
    expect(await judged.news("RuleAdopted")).toEqual([
      "Normal RuleAdopted What these rules found is known from now on: configmap-exists (1)",
    ]);
    expect(await judged.events(namespace)).not.toContainEqual(expect.stringContaining("Deployment/web"));
  });
});

describe.concurrent("a kind that may not be listed for longer than a minute", () => {
  const looseRole = (namespace: string, name: string, verb = "*"): Manifest => ({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "Role",
    metadata: { namespace, name },
    rules: [{ apiGroups: [""], resources: ["pods"], verbs: [verb] }],
  });
  const row = (name: string, state: string) => `Role.rbac.authorization.k8s.io/${name} no-rbac-wildcard rules ${state}`;

  test("is unverified: its rows stay, nothing of it is fixed, and all is told when it may be listed again", async () => {
    const { namespace, judged } = await setScene(bench, {
      prefix: "hole",
      before: (namespace) => [looseRole(namespace, "loose"), looseRole(namespace, "mended")],
      rules: only("no-rbac-wildcard", "memory-limit"),
    });
    const known = [row("loose", "Known"), row("mended", "Known")];

    await withoutRightTo(bench, { group: "rbac.authorization.k8s.io", resource: "roles" }, async () => {
      await judged.scan();
      await bench.apply(looseRole(namespace, "mended", "get"));
      await bench.apply(looseRole(namespace, "worse"));
      await judged.until(() => judged.report(namespace), {
        describe: "a report that says what is unverified",
        until: ({ unverified }) => unverified.length > 0,
        ...patience,
      });
      expect((await judged.report(namespace))?.unverified).toEqual(["Role.rbac.authorization.k8s.io"]);
      expect(await judged.rows(namespace)).toEqual(known);
      await bench.apply(deployment({ name: "web", namespace }));
      await judged.untilRows(namespace, [`Deployment.apps/web ${noLimit} New`, ...known], { timeoutMs: 5_000 });
      expect(await judged.counts(namespace)).toEqual({ new: 1, known: 2, fixed: 0 });
    });

    // Nobody asks for a scan: the operator tries again by itself, at least every 30 seconds.
    await judged.untilRows(
      namespace,
      [`Deployment.apps/web ${noLimit} New`, row("loose", "Known"), row("worse", "New")],
      { timeoutMs: 45_000 },
    );
    await judged.until(() => judged.report(namespace), {
      describe: "a report that is verified",
      until: ({ unverified }) => unverified.length === 0,
    });
    expect(await judged.counts(namespace)).toEqual({ new: 2, known: 1, fixed: 1 });
    await judged.until(() => judged.conditions(), {
      describe: "a Policy that is not Degraded",
      until: (conditions) => conditions.join() === "Ready=True InForce",
    });
  });
});
