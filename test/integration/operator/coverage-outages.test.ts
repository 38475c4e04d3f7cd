import { describe, expect, test } from "vitest";
import { useBench } from "./bench.ts";
import { type CustomKind, customObject, definition, grantScan, installKind } from "./custom-kinds.ts";
import { Judged } from "./judged.ts";
import { deployment, overriding, policy } from "./objects.ts";
import { setScene } from "./scene.ts";

const bench = useBench();

const owned = overriding({ id: "required-labels", params: { labels: ["owner"], kinds: ["*"] } });

/** What is out of order for a moment is no hole; after a minute it is. */
const patience = { timeoutMs: 90_000 };

describe.concurrent("what the API server cannot answer for", () => {
  test("is a hole: a group whose own server is down, until it is gone", { timeout: 240_000 }, async () => {
    const group = "down.example.com";
    const service = {
      apiVersion: "apiregistration.k8s.io/v1",
      kind: "APIService",
      metadata: { name: `v1.${group}` },
      spec: {
        group,
        version: "v1",
        groupPriorityMinimum: 1_000,
        versionPriority: 15,
        service: { namespace: "default", name: "nobody" },
        insecureSkipTLSVerify: true,
      },
    };
    await bench.apply(service);
    const judged = await watchKinds("down", [`*.${group}`, `Widget.${group}`]);

    const holes = await untilHoles(judged);
    expect(holes).toMatchObject([
      { kind: `*.${group}`, reason: "DiscoveryFailed" },
      { kind: `Widget.${group}`, reason: "DiscoveryFailed" },
    ]);
    expect(await judged.conditions()).toEqual(["Degraded=True IncompleteCoverage", "Ready=True InForce"]);
    // Others have nothing to do with it.
    const { judged: other } = await setScene(bench, {
      prefix: "beside",
      before: (namespace) => [deployment({ name: "web", namespace })],
    });
    expect((await other.status()).coverage).toEqual({ percent: 100, holes: [] });

    await bench.delete(service);
    await untilWhole(judged);
  });

  test("is a hole: a kind whose conversion webhook is gone, and what was known of it stays", {
    timeout: 240_000,
  }, async () => {
    const kind: CustomKind = { group: "webhook.example.com", kind: "Gadget" };
    await installKind(bench, kind);
    await grantScan(bench, kind.group);
    const judged = await watchKinds("webhook", [`Gadget.${kind.group}`]);
    const namespace = judged.policy;
    await bench.create(customObject(kind, { namespace, name: "one" }));
    const row = `Gadget.${kind.group}/one required-labels metadata.labels New`;
    await judged.untilRows(namespace, [row]);

    await breakConversion(kind);
    await judged.scan(patience);
    expect(await untilHoles(judged)).toMatchObject([{ kind: `Gadget.${kind.group}`, reason: "ListFailed" }]);
    expect(await judged.rows(namespace)).toEqual([row]);
    expect((await judged.report(namespace))?.unverified).toContain(`Gadget.${kind.group}`);
    // That it fails is known by now: nobody waits for it again.
    await judged.scan({ timeoutMs: 15_000 });

    await bench.apply(definition(kind));
    await untilWhole(judged);
    await judged.until(() => judged.report(namespace), {
      describe: "a report without a gap",
      until: ({ unverified }) => unverified.length === 0,
    });
    expect(await judged.rows(namespace)).toEqual([row]);
  });

  /** A policy for one namespace and these kinds, after its first scan. */
  async function watchKinds(prefix: string, kinds: readonly string[]): Promise<Judged> {
    const namespace = await bench.namespace(prefix);
    const judged = new Judged(bench, namespace);
    await bench.apply(
      policy(namespace, { match: { namespaces: { include: [namespace] }, kinds: [...kinds] }, rules: owned }),
    );
    await judged.untilScanned();
    return judged;
  }

  async function untilHoles(judged: Judged) {
    const { coverage } = await judged.until(() => judged.status(), {
      describe: "a hole",
      until: ({ coverage: now }) => (now?.holes ?? []).length > 0,
      ...patience,
    });
    return coverage?.holes;
  }

  async function untilWhole(judged: Judged): Promise<void> {
    await judged.until(() => judged.status(), {
      describe: "full coverage",
      until: ({ coverage }) => coverage?.percent === 100 && (coverage.holes ?? []).length === 0,
      ...patience,
    });
    expect(await judged.conditions()).toEqual(["Ready=True InForce"]);
  }

  /** From now on what is stored as v1 is served as v2 only through a webhook that nobody answers for. */
  async function breakConversion(kind: CustomKind): Promise<void> {
    const { spec } = definition(kind);
    const [version] = spec.versions;
    const service = { namespace: "default", name: "nobody", path: "/convert" };
    await bench.apply({
      ...definition(kind),
      spec: {
        ...spec,
        versions: [
          { ...version, served: true, storage: true },
          { ...version, name: "v2", served: true, storage: false },
        ],
        conversion: {
          strategy: "Webhook",
          webhook: { conversionReviewVersions: ["v1"], clientConfig: { service } },
        },
      },
    });
  }
});
