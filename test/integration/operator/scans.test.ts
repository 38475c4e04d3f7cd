import { describe, expect, test } from "vitest";
import { type AuditEvent, useBench } from "./bench.ts";
import { type CustomKind, customObject, grantScan, installKind } from "./custom-kinds.ts";
import { Judged } from "./judged.ts";
import { container, deployment, only, overriding, type PolicySpecInput, policy } from "./objects.ts";
import { setScene } from "./scene.ts";

const bench = useBench({ audit: true });

const minute = 60_000;
const noLimit = "memory-limit containers[name=app].resources.limits.memory";

const owned = overriding({ id: "required-labels", params: { labels: ["owner"], kinds: ["*"] } });

type Scan = NonNullable<PolicySpecInput["scan"]>;

/** A policy that has judged one bad Deployment and is scanned as told. */
async function scene(prefix: string, scan: Scan) {
  const { namespace, judged, spec } = await setScene(bench, {
    prefix,
    before: (within) => [deployment({ name: "web", namespace: within })],
  });
  const edit = async (to: Scan) => {
    const { metadata } = await bench.apply<{ metadata: { generation: number } }>(
      policy(namespace, { ...spec, scan: to }),
    );
    await judged.until(() => judged.status(), {
      describe: "the edit to be looked at",
      until: ({ observedGeneration }) => observedGeneration === metadata.generation,
    });
  };
  await edit(scan);
  return { namespace, judged, edit };
}

/** Another policy, watched, has seen everything in the namespace: what the first one does not show now, it has not seen. */
async function untilSeenByAnother(namespace: string, count: number): Promise<void> {
  const name = `${namespace}-watched`;
  const another = new Judged(bench, name);
  await bench.apply(policy(name, { match: { namespaces: { include: [namespace] } }, rules: only("memory-limit") }));
  await another.until(() => another.counts(namespace), {
    describe: `${count} violations seen by a policy that is watched`,
    until: (found) => found.new + found.known === count,
  });
}

describe.concurrent("a policy is scanned", () => {
  test("by its schedule, and says when next", { timeout: 180_000 }, async () => {
    const { namespace, judged } = await scene("schedule", { continuous: false, schedule: "* * * * *" });
    const { lastScanTime = "", nextScanTime = "" } = await judged.until(() => judged.status(), {
      describe: "a next scan on the minute",
      until: ({ nextScanTime: next }) => next?.endsWith(":00Z") === true,
    });
    // What is due within a minute of a scan shares it.
    expect(Date.parse(nextScanTime) - Date.parse(lastScanTime)).toBeLessThanOrEqual(2 * minute);
    const { stdout } = await bench.kubectl(["get", "ppol", namespace, "--output=wide"]);
    const [header = "", line = ""] = stdout.split("\n");
    expect(line.slice(header.indexOf("NEXT SCAN")).trim()).not.toBe("");

    await bench.apply(deployment({ name: "worse", namespace }));
    await judged.untilCounts(namespace, { new: 1, known: 1 }, { timeoutMs: 2 * minute + 10_000 });

    const after = await judged.until(() => judged.status(), {
      describe: "a scan after that, too",
      until: ({ nextScanTime: next = "" }) => next > nextScanTime,
    });
    const scannedAt = Date.parse(after.lastScanTime ?? "");
    expect(scannedAt).toBeGreaterThan(Date.parse(nextScanTime) - minute);
    expect(scannedAt).toBeLessThan(Date.parse(nextScanTime) + 10_000);
    const labels = { policy: namespace };
    await judged.until(
      async () => [
        (await judged.status())?.nextScanTime,
        await bench.operator.metric("pawl_scan_next_timestamp_seconds", labels),
      ],
      {
        describe: "status and metric to name the same next scan",
        until: ([shown, metric]) => metric === Date.parse(String(shown)) / 1000,
      },
    );
  });

  test("on demand, once for each value of the annotation", async () => {
    const { namespace, judged } = await scene("demand", { continuous: false, schedule: "@yearly" });
    await bench.apply(deployment({ name: "worse", namespace }));

    await judged.scan();

    expect(await judged.counts(namespace)).toMatchObject({ new: 1, known: 1 });
    const { lastHandledScanRequest, lastScanTime } = await judged.status();
    const { metadata } = await judged.object();
    expect(lastHandledScanRequest).toBe(metadata.annotations?.["pawl.dev/scan-requested-at"]);
    await bench.apply(deployment({ name: "worst", namespace }));
    await untilSeenByAnother(namespace, 3);
    expect(await judged.counts(namespace)).toMatchObject({ new: 1, known: 1 });
    expect((await judged.status()).lastScanTime).toBe(lastScanTime);
  });

  test("while suspended only on demand", async () => {
    const { namespace, judged, edit } = await scene("suspend", { suspend: true });
    expect(await judged.status()).not.toHaveProperty("nextScanTime");
    expect(await bench.operator.metric("pawl_scan_next_timestamp_seconds", { policy: namespace })).toBe(0);
    const { lastScanTime } = await judged.status();
    await bench.apply(deployment({ name: "worse", namespace }));
    await untilSeenByAnother(namespace, 2);
    expect(await judged.counts(namespace)).toMatchObject({ new: 0, known: 1 });
    expect((await judged.status()).lastScanTime).toBe(lastScanTime);

    await judged.scan();

    expect(await judged.counts(namespace)).toMatchObject({ new: 1, known: 1 });
    expect(await judged.status()).not.toHaveProperty("nextScanTime");

    await bench.delete(deployment({ name: "worse", namespace }));
    await edit({ suspend: false });
    await judged.untilCounts(namespace, { new: 0, known: 1 });
    expect(await judged.status()).toHaveProperty("nextScanTime");
  });

  test("that was created suspended, when it is asked to for the first time", async () => {
    const namespace = await bench.namespace("asleep");
    const judged = new Judged(bench, namespace);
    await bench.apply(deployment({ name: "web", namespace }));
    await bench.apply(
      policy(namespace, {
        match: { namespaces: { include: [namespace] } },
        rules: only("memory-limit"),
        scan: { suspend: true },
      }),
    );
    await judged.until(() => judged.conditions(), {
      describe: "the policy to be in force",
      until: (conditions) => conditions.join() === "Ready=True InForce",
    });
    await untilSeenByAnother(namespace, 1);
    expect(await judged.report(namespace)).toBeUndefined();

    await judged.scan();

    expect(await judged.rows(namespace)).toEqual([`Deployment.apps/web ${noLimit} Known`]);
  });

  test("on demand while suspended, to the end: what needs siblings is told a minute later", {
    timeout: 120_000,
  }, async () => {
    const namespace = await bench.namespace("pending");
    const judged = new Judged(bench, namespace);
    const account = { serviceAccountName: "missing" };
    await bench.apply(
      policy(namespace, {
        match: { namespaces: { include: [namespace] } },
        rules: only("service-account-exists"),
        scan: { suspend: true },
      }),
    );
    await judged.scan();
    await bench.apply(deployment({ name: "web", namespace, pod: account }));

    await judged.scan();

    await judged.untilCounts(namespace, { new: 1, known: 0 }, { timeoutMs: 90_000 });
  });
});

describe.concurrent("a report of which only the number of resources changes", () => {
  test("is written once a minute at most", { timeout: 180_000 }, async () => {
    const { namespace, judged } = await scene("resources", {});
    const clean = container("app", { resources: { limits: { memory: "64Mi" } } });
    const resources = async () => (await judged.report(namespace))?.summary.resources;

    for (const name of ["clean", "tidy"]) await bench.apply(deployment({ name, namespace, containers: [clean] }));
    await judged.until(resources, {
      describe: "both in the report",
      until: (shown) => shown === 3,
      timeoutMs: minute + 30_000,
    });

    const [before, after, ...more] = bench
      .audited()
      .filter(({ verb, stage, objectRef }) => {
        const ours = objectRef?.resource === "scanreports" && objectRef.namespace === namespace;
        return ours && stage === "ResponseComplete" && (verb === "create" || verb === "update");
      })
      .map(({ requestReceivedTimestamp }) => Date.parse(requestReceivedTimestamp));
    expect(more).toEqual([]);
    expect(Number(after) - Number(before)).toBeGreaterThanOrEqual(minute);
  });
});

describe.concurrent("the kinds of a policy", () => {
  test("are not watched if it is not continuous", async () => {
    const kind: CustomKind = { group: "periodic.example.com", kind: "Gadget" };
    await owningPolicy(kind, { continuous: false });

    expect(asked(kind, "list")).not.toEqual([]);
    expect(asked(kind, "watch")).toEqual([]);
  });

  test("are watched no more while it is suspended, and again after", async () => {
    const kind: CustomKind = { group: "paused.example.com", kind: "Gadget" };
    const { namespace, judged, edit } = await owningPolicy(kind, {});
    await judged.until(() => open(kind) === 1, { describe: "a watch" });

    await edit({ suspend: true });
    await judged.until(() => open(kind) === 0, { describe: "the end of the watch" });
    await bench.delete(gadget(kind, namespace, "old"));
    await bench.apply(gadget(kind, namespace, "new"));
    await judged.scan();
    expect(await judged.counts(namespace)).toMatchObject({ new: 1, known: 0 });
    expect(open(kind)).toBe(0);
    expect(await judged.conditions()).toEqual(["Ready=True InForce"]);

    await bench.delete(gadget(kind, namespace, "new"));
    await bench.apply(gadget(kind, namespace, "other"));
    await edit({ suspend: false });
    await judged.until(() => open(kind) === 1, { describe: "a watch" });
    await judged.untilRows(namespace, ["Gadget.paused.example.com/other required-labels metadata.labels New"]);
  });

  const gadget = (kind: CustomKind, namespace: string, name: string) =>
    customObject(kind, { namespace, name }, { spec: { of: name } });

  /** A policy for one kind, of which one object exists. */
  async function owningPolicy(kind: CustomKind, scan: Scan) {
    await installKind(bench, kind);
    await grantScan(bench, kind.group);
    const namespace = await bench.namespace("kinds");
    await bench.apply(gadget(kind, namespace, "old"));
    const judged = new Judged(bench, namespace);
    const match = { namespaces: { include: [namespace] }, kinds: [`${kind.kind}.${kind.group}`] };
    const edit = (to: Scan) => bench.apply(policy(namespace, { match, rules: owned, scan: to }));
    await edit(scan);
    await judged.untilScanned();
    expect(await judged.counts(namespace)).toEqual({ new: 0, known: 1, fixed: 0 });
    return { namespace, judged, edit };
  }

  function asked({ group, kind }: CustomKind, verb: string): readonly AuditEvent[] {
    return bench
      .audited()
      .filter((event) => event.verb === verb && event.requestURI.includes(`/${group}/v1/${kind.toLowerCase()}s`));
  }

  /** Watches that have begun and not ended; a list that is streamed is a watch that begins with everything there is. */
  function open(kind: CustomKind): number {
    const stages = asked(kind, "watch").map(({ stage }) => stage);
    const count = (which: string) => stages.filter((stage) => stage === which).length;
    return count("ResponseStarted") - count("ResponseComplete");
  }
});
