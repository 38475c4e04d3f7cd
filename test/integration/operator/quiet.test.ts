import { describe, expect, test } from "vitest";
import { type AuditEvent, useBench } from "./bench.ts";
import { Judged } from "./judged.ts";
import { container, deployment, policy } from "./objects.ts";
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

describe("an operator of whose cluster nothing changes", () => {
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

  test("writes one Policy status per rescan and nothing else", async () => {
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

  test("catches up with what happened while there was none", async () => {
    const { namespace, judged } = await rest("down");

    await bench.restart("SIGTERM", async () => {
      await bench.apply(deployment({ name: "worst", namespace }));
      await bench.apply(deployment({ name: "web", namespace, containers: [container("app", { memory: "64Mi" })] }));
      await bench.delete(deployment({ name: "worse", namespace }));
    });

    await judged.untilRows(namespace, [`Deployment.apps/worst ${noLimit} New`]);
    expect(await judged.counts(namespace)).toEqual({ new: 1, known: 0, fixed: 1 });
    // Not that worse is gone: of one object there is one Event in five minutes.
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
});
