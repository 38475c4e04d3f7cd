import { describe, expect, test } from "vitest";
import { uniqueName, waitFor } from "../cluster.ts";
import { seededRandom, wholeNumberFrom } from "../seeded.ts";
import { type AuditEvent, pathOf, useBench } from "./bench.ts";
import { Judged } from "./judged.ts";
import { container, deployment, only, policy } from "./objects.ts";
import { setScene } from "./scene.ts";

const noLimit = "memory-limit containers[name=app].resources.limits.memory";
const found = (name: string) =>
  `Warning ViolationFound Deployment/${name} New: memory-limit at containers[name=app].resources.limits.memory.`;

/** What was stored, but for the Lease, as `patch policies/status`. */
function writes(events: readonly AuditEvent[]): readonly string[] {
  const reading = ["get", "list", "watch"];
  return events
    .filter(({ verb, responseStatus }) => !reading.includes(verb) && (responseStatus?.code ?? 0) < 300)
    .flatMap(({ verb, objectRef }) => {
      if (objectRef === undefined || objectRef.resource === "leases") return [];
      const { resource, subresource } = objectRef;
      return [`${verb} ${subresource === undefined ? resource : `${resource}/${subresource}`}`];
    });
}

describe("an operator", () => {
  const bench = useBench({ audit: true, calm: true });

  /** A Known and a New violation, a Policy that has told of both, and every write answered. */
  async function rest(prefix: string) {
    const scene = await setScene(bench, {
      prefix,
      before: (namespace) => [deployment({ name: "web", namespace })],
    });
    const { namespace, judged } = scene;
    await bench.apply(deployment({ name: "worse", namespace }));
    await judged.untilCounts(namespace, { new: 1, known: 1 });
    await judged.untilEvents(namespace, [found("worse")]);
    await judged.until(() => judged.status(), {
      describe: "a status that counts both",
      until: ({ summary }) => summary?.new === 1,
    });
    await judged.scan();
    return scene;
  }

  test("writes one Policy status per rescan of an unchanged cluster and nothing else", async () => {
    const { judged } = await rest("rescans");
    const before = bench.audited().length;

    for (let scans = 0; scans < 10; scans++) await judged.scan();

    const all = await judged.until(() => writes(bench.audited().slice(before)), {
      describe: "ten writes",
      until: (seen) => seen.length >= 10,
    });
    expect(all).toEqual(Array.from({ length: 10 }, () => "patch policies/status"));
  });

  test("sends and rewrites nothing when it is started anew", async () => {
    const { namespace, judged } = await rest("restart");
    const reported = await judged.report(namespace);
    const baseline = await judged.baseline(namespace);

    const before = bench.audited().length;
    await bench.restart("SIGTERM");
    await judged.scan();
    await judged.scan();

    expect(new Set(writes(bench.audited().slice(before)))).toEqual(new Set(["patch policies/status"]));
    expect(await judged.report(namespace)).toEqual(reported);
    expect(await judged.baseline(namespace)).toEqual(baseline);
    expect(await judged.events(namespace)).toEqual([found("worse")]);
    expect(await judged.news("BaselineTaken")).toHaveLength(1);
    expect(await judged.news("PolicyReady")).toHaveLength(1);
  });

  test("takes a Pod that has found a controller for out of scope, not for fixed, when it is started anew, too", async () => {
    const alone = (namespace: string) => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { namespace, name: "alone" },
      spec: { containers: [container("app")] },
    });
    const { namespace, judged } = await setScene(bench, {
      prefix: "adopted",
      before: (within) => [deployment({ name: "web", namespace: within })],
      first: (within) =>
        waitFor(() => bench.apply(alone(within)), { describe: "a Pod, once its service account is there" }),
    });
    const web = deployment({ name: "web", namespace });
    const { metadata } = await bench.request<{ readonly metadata: { readonly uid: string } }>("GET", pathOf(web));
    const controller = { apiVersion: "apps/v1", kind: "Deployment", name: "web", uid: metadata.uid, controller: true };

    await bench.request(
      "PATCH",
      pathOf(alone(namespace)),
      { metadata: { ownerReferences: [controller] } },
      { contentType: "application/merge-patch+json" },
    );
    await judged.untilCounts(namespace, { new: 0, known: 1, fixed: 0 });
    await bench.restart("SIGTERM");
    await judged.scan();

    expect(await judged.counts(namespace)).toEqual({ new: 0, known: 1, fixed: 0 });
    expect(await judged.entries(namespace)).toEqual([`Deployment.apps/web ${noLimit}`, `Pod/alone ${noLimit}`]);
    expect(await judged.events(namespace)).toEqual([]);
  });

  test("catches up with what happened while there was none", async () => {
    const { namespace, judged } = await rest("down");

    await bench.restart("SIGTERM", async () => {
      await bench.apply(deployment({ name: "worst", namespace }));
      await bench.apply(deployment({ name: "web", namespace, containers: [container("app", { memory: "64Mi" })] }));
      await bench.delete(deployment({ name: "worse", namespace }));
      await bench.apply(deployment({ name: "worse", namespace }));
    });

    await judged.untilRows(namespace, [`Deployment.apps/worse ${noLimit} New`, `Deployment.apps/worst ${noLimit} New`]);
    expect(await judged.counts(namespace)).toEqual({ new: 2, known: 0, fixed: 1 });
    await judged.untilEvents(namespace, [
      "Normal ViolationFixed Deployment/web Fixed: memory-limit at containers[name=app].resources.limits.memory.",
      found("worse"),
      found("worst"),
    ]);
  });

  test("sends one Event where two Policies find the same", async () => {
    const { namespace, judged, spec } = await rest("overlap");
    const second = new Judged(bench, `${namespace}-too`);
    await bench.apply(policy(second.policy, spec));
    await second.untilScanned();
    await bench.apply(deployment({ name: "third", namespace }));

    await judged.untilCounts(namespace, { new: 2, known: 1 });
    await second.untilCounts(namespace, { new: 1, known: 2 });
    await judged.untilEvents(namespace, [found("third"), found("worse")]);
    await Promise.all([judged.scan(), second.scan()]);
    expect(await judged.events(namespace)).toEqual([found("third"), found("worse")]);
  });

  test("takes a burst of edits for one, of which the last counts", async () => {
    const { namespace, judged, spec } = await setScene(bench, {
      prefix: "burst",
      before: (namespace) => [deployment({ name: "web", namespace })],
    });
    const scans = () => bench.operator.metric("pawl_scan_duration_seconds_count");
    const before = await scans();

    for (let edits = 0; edits < 10; edits++) {
      const ids = edits % 2 === 0 ? ["memory-limit", "liveness-probe"] : ["liveness-probe"];
      await bench.apply(policy(namespace, { ...spec, rules: only(...ids) }));
    }
    const { inForce } = await judged.untilScanned();

    expect(inForce?.generation).toBe(11);
    await judged.untilRows(namespace, ["Deployment.apps/web liveness-probe containers[name=app].livenessProbe Known"]);
    expect(await judged.counts(namespace)).toEqual({ new: 0, known: 1, fixed: 0 });
    expect(await judged.events(namespace)).toEqual([]);
    expect((await scans()) - before).toBeLessThanOrEqual(3);
  });

  test("goes on with a first scan in which the one before was killed", async () => {
    const prefix = uniqueName("killed");
    const names = Array.from({ length: 20 }, (_, index) => `${prefix}-${index}`);
    await Promise.all(names.map((name) => bench.createNamespace(name)));
    await Promise.all(names.map((namespace) => bench.apply(deployment({ name: "web", namespace }))));
    const judged = new Judged(bench, prefix);
    await bench.apply(
      policy(prefix, { match: { namespaces: { include: [`${prefix}-*`] } }, rules: only("memory-limit") }),
    );
    const taken = async () =>
      (await Promise.all(names.map((name) => judged.baseline(name)))).filter((one) => one).length;
    await judged.until(taken, { describe: "a first Baseline", everyMs: 5 });

    await bench.restart("SIGKILL", async () => expect(await taken()).toBeLessThan(names.length));
    await judged.untilScanned();

    for (const name of names) {
      expect(await judged.rows(name)).toEqual([`Deployment.apps/web ${noLimit} Known`]);
      expect(await judged.events(name)).toEqual([]);
    }
    await judged.untilNews([
      expect.stringMatching(/^Normal BaselineTaken 20 violations of 20 resources/),
      expect.stringMatching(/^Normal PolicyReady /),
    ]);
  });

  test("shows the same after random changes, after a full scan and after a restart", async () => {
    const seed = wholeNumberFrom("LEDGER_SEED", 20_261_121);
    const random = seededRandom(seed);
    const prefix = uniqueName("random");
    const namespaces = ["one", "two", "three"].map((name) => `${prefix}-${name}`);
    const inScope = { scene: prefix };
    for (const namespace of namespaces) await bench.createNamespace(namespace, inScope);
    const judged = new Judged(bench, prefix);
    const pick = <T>(choices: readonly T[]): T => choices[random(choices.length)] as T;
    const change = async (): Promise<unknown> => {
      const namespace = pick(namespaces);
      if (random(12) === 0) {
        const label = pick([`scene=${prefix}`, "scene-"]);
        return await bench.kubectl(["label", "--overwrite", "namespace", namespace, label]);
      }
      const containers = Array.from({ length: 1 + random(2) }, (_, index) => {
        const image = `registry.example.com/${pick(["app", "db"])}:${pick(["1.0", "latest"])}`;
        return container(`${pick(["app", "main"])}-${index}`, { image, ...pick([{}, { memory: "64Mi" }]) });
      });
      const workload = deployment({ name: pick(["web", "api", "batch", "cache"]), namespace, containers });
      if (random(4) > 0 || (await bench.find(pathOf(workload))) === undefined) return await bench.apply(workload);
      return await bench.delete(workload);
    };
    for (let changes = 0; changes < 15; changes++) await change();
    const match = { namespaceSelector: { matchLabels: inScope } };
    await bench.apply(policy(prefix, { match, rules: only("memory-limit", "no-latest-tag") }));
    await judged.untilScanned();

    for (let changes = 0; changes < 60; changes++) await change();
    for (const namespace of namespaces) {
      await bench.kubectl(["label", "--overwrite", "namespace", namespace, `scene=${prefix}`]);
      // The last change: once it shows, so do all before it.
      await bench.apply(deployment({ name: "last", namespace }));
      await judged.until(() => judged.rows(namespace), {
        describe: `the last change in ${namespace}`,
        until: (rows) => rows.some((row) => row.startsWith("Deployment.apps/last ")),
      });
    }
    const shown = async () =>
      await Promise.all(
        namespaces.map(async (namespace) => ({
          rows: await judged.rows(namespace),
          counts: await judged.counts(namespace),
          entries: await judged.entries(namespace),
        })),
      );
    const incremental = await shown();
    await judged.scan();
    expect(await shown(), `seed ${seed}`).toEqual(incremental);
    await bench.restart("SIGTERM");
    await judged.scan();
    expect(await shown(), `seed ${seed}`).toEqual(incremental);
  });
});
