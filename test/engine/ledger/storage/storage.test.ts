import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeBaseline, encodeBaseline } from "../../../../src/engine/ledger/storage/baseline.ts";
import type { LedgerId } from "../../../../src/engine/ledger/storage/objects.ts";
import { jsonBytes, partOf } from "../../../../src/engine/ledger/storage/parts.ts";
import {
  decodeReport,
  encodeReport,
  ownedBy,
  type ReportPartObject,
} from "../../../../src/engine/ledger/storage/report.ts";
import type { StoredBaseline, StoredReport } from "../../../../src/engine/ledger/stored.ts";
import type { KubeObject } from "../../../../src/engine/resource.ts";
import { start } from "../simulated-ledger.ts";
import { storedBaseline, storedReport } from "./arbitrary.ts";

const id: LedgerId = { policy: { name: "production", uid: "policy-uid" }, namespace: "shop" };
const cluster: LedgerId = { ...id, namespace: undefined };
const keep = { mayShrink: false };

const emptyBaseline: StoredBaseline = {
  takenAt: start,
  fixed: 3,
  match: { clusterResources: "Auto" },
  kinds: ["Pod"],
  rules: new Map(),
  holes: new Map(),
  resources: [],
};

/** Some 100 bytes for each entry. */
function baselineOf(resources: number, entries = 5): StoredBaseline {
  const refs = Array.from({ length: resources }, (_, at) => `Deployment.apps/web-${at}`).sort();
  return {
    ...emptyBaseline,
    resources: refs.map((ref) => ({
      ref,
      shape: "v1-0123456789abcdef",
      entries: Array.from({ length: entries }, (_, at) => ({
        rule: `memory-limit-${at}`,
        path: "containers[name=application].resources.limits.memory",
        count: 1,
        since: start,
      })),
    })),
  };
}

function reportOf({ takenAt, resources }: StoredBaseline): StoredReport {
  return {
    baselineTakenAt: takenAt,
    summary: { resources: 1, new: 0, known: 0, fixed: 0, critical: 0, high: 0, medium: 0, low: 0 },
    changedAt: start,
    rules: new Map(),
    violating: resources.map(({ ref, entries }) => ({
      ref,
      rows: entries.map((entry) => ({ ...entry, state: "Known" as const })),
      more: 0,
    })),
    changes: [],
    changesDropped: 0,
    history: [],
    unverified: [],
    problems: [],
  };
}

function nameOf(object: KubeObject): string {
  return (object.metadata as { readonly name: string }).name;
}

/** The objects after the writes, as an API server would have them. */
function applied(
  existing: readonly KubeObject[],
  writes: { readonly puts: readonly KubeObject[]; readonly deletes: readonly { readonly name: string }[] },
): KubeObject[] {
  const objects = new Map(existing.map((object) => [nameOf(object), object]));
  for (const put of writes.puts)
    objects.set(nameOf(put), {
      ...put,
      metadata: { uid: `uid-${nameOf(put)}`, ...(put.metadata as object), resourceVersion: "1" },
    });
  for (const { name } of writes.deletes) objects.delete(name);
  return [...objects.values()];
}

describe("LEDGER 7.1 Baselines", () => {
  test("what is encoded is decoded again", () => {
    fc.assert(
      fc.property(storedBaseline, (stored) => {
        const objects = applied([], encodeBaseline(stored, id, [], keep));
        expect(decodeBaseline(objects, id)).toEqual({ stored, dropped: [] });
        expect(encodeBaseline(stored, id, objects, keep)).toEqual({ puts: [], deletes: [] });
      }),
      { numRuns: 300 },
    );
  });

  test("have the names, labels and format that are promised, and no owner", () => {
    const [object] = encodeBaseline(emptyBaseline, id, [], keep).puts;
    expect(object).toMatchObject({
      apiVersion: "pawl.dev/v1alpha1",
      kind: "Baseline",
      metadata: {
        name: "production.ns.shop",
        labels: { "pawl.dev/policy": "production", "pawl.dev/namespace": "shop" },
      },
      format: 1,
      policyRef: { name: "production" },
      namespace: "shop",
      fixed: 3,
      entryCount: 0,
    });
    expect(object?.metadata.ownerReferences).toBeUndefined();
    const [clusterWide] = encodeBaseline(emptyBaseline, cluster, [], keep).puts;
    expect(clusterWide?.metadata).toEqual({ name: "production.cluster", labels: { "pawl.dev/policy": "production" } });
    expect(clusterWide?.namespace).toBeUndefined();
  });

  test("leave out what is usual: a count of 1, and a since equal to takenAt", () => {
    const [object] = encodeBaseline(baselineOf(1, 1), id, [], keep).puts;
    expect(object?.resources[0]?.entries).toEqual([
      { rule: "memory-limit-0", path: "containers[name=application].resources.limits.memory" },
    ]);
  });

  test("keep what others wrote into their metadata, and the resourceVersion", () => {
    const existing = applied([], encodeBaseline(emptyBaseline, id, [], keep)).map((object) => ({
      ...object,
      metadata: { ...(object.metadata as object), annotations: { note: "mine" }, labels: { team: "payments" } },
    }));
    const [object] = encodeBaseline(emptyBaseline, id, existing, keep).puts;
    expect(object?.metadata).toMatchObject({
      resourceVersion: "1",
      annotations: { note: "mine" },
      labels: { team: "payments", "pawl.dev/policy": "production" },
    });
  });

  test("are never deleted by being undefined", () => {
    expect(encodeBaseline(undefined, id, applied([], encodeBaseline(emptyBaseline, id, [], keep)), keep)).toEqual({
      puts: [],
      deletes: [],
    });
  });

  test("of another ledger are left out", () => {
    const other = applied([], encodeBaseline(emptyBaseline, { ...id, namespace: "other" }, [], keep));
    expect(decodeBaseline(other, id).stored).toBeUndefined();
  });
});

describe("LEDGER 7.2 parts, of Baselines and of reports", () => {
  const big = baselineOf(2200);

  test("the smallest k that keeps every object within 128 KiB", () => {
    const { puts } = encodeBaseline(big, id, [], keep);
    const main = puts.find((object) => nameOf(object) === "production.ns.shop");
    expect(main).toMatchObject({ k: 4, resources: [], entryCount: 11_000, fixed: 3 });
    expect(puts).toHaveLength(17);
    expect(Math.max(...puts.map(jsonBytes))).toBeLessThanOrEqual(128 * 1024);
    // With one bit less the average part would be over it already.
    expect(puts.reduce((sum, object) => sum + jsonBytes(object), 0) / 8).toBeGreaterThan(128 * 1024);
  });

  test("each is where the first k bits of the hash of its resource say, and carries k", () => {
    const parts = encodeBaseline(big, id, [], keep).puts.filter(({ part }) => part !== undefined);
    for (const { part, k, resources } of parts) {
      expect(k).toBe(4);
      expect(resources.length).toBeGreaterThan(0);
      for (const { ref } of resources) expect(partOf(ref, 4)).toBe(part);
    }
  });

  test("is read back whole, in whatever order", () => {
    const objects = applied([], encodeBaseline(big, id, [], keep));
    expect(decodeBaseline(objects.reverse(), id)).toEqual({ stored: big, dropped: [] });
    const report = reportOf(big);
    const reports = applied([], encodeReport(report, id, [], keep));
    expect(reports.length).toBeGreaterThan(2);
    expect(decodeReport(reports.reverse(), id)).toEqual({ stored: report, dropped: [] });
  });

  test("a change in one resource writes one part, and the main object if it says another number", () => {
    const objects = applied([], encodeBaseline(big, id, [], keep));
    const [first, ...rest] = big.resources;
    const changed = { ...big, resources: [{ ref: first?.ref ?? "", entries: first?.entries.slice(1) ?? [] }, ...rest] };
    expect(encodeBaseline(changed, id, objects, keep).puts).toHaveLength(2);
  });

  test("k grows at once and shrinks only at a scan", () => {
    const objects = applied([], encodeBaseline(big, id, [], keep));
    const small = baselineOf(3);
    const held = encodeBaseline(small, id, objects, keep);
    expect(held.puts.find((object) => nameOf(object) === "production.ns.shop")).toMatchObject({ k: 4 });
    const scanned = encodeBaseline(small, id, objects, { mayShrink: true });
    expect(scanned.puts).toMatchObject([{ resources: [{}, {}, {}] }]);
    expect(scanned.puts[0]).not.toHaveProperty("k");
    expect(scanned.deletes).toHaveLength(16);
    expect(decodeBaseline(applied(objects, scanned), id).stored).toEqual(small);
  });

  test("so it does for reports", () => {
    const objects = applied([], encodeReport(reportOf(big), id, [], keep));
    const small = reportOf(baselineOf(3));
    const held = applied(objects, encodeReport(small, id, objects, keep));
    expect(held).toHaveLength(objects.length);
    expect(decodeReport(held, id).stored).toEqual(small);
    const scanned = applied(objects, encodeReport(small, id, objects, { mayShrink: true }));
    expect(scanned).toMatchObject([{ parts: 0, violating: [{}, {}, {}] }]);
  });

  test.each(["baseline", "report"] as const)(
    "at every point between the writes of another k the old or the new %s is there",
    (what) => {
      const [before, after] = [baselineOf(300), baselineOf(900)];
      const [encode, decode] =
        what === "baseline"
          ? [
              (stored: StoredBaseline, existing: KubeObject[]) =>
                encodeBaseline(stored, id, existing, { mayShrink: true }),
              (objects: KubeObject[]) => decodeBaseline(objects, id).stored,
            ]
          : [
              (stored: StoredBaseline, existing: KubeObject[]) =>
                encodeReport(reportOf(stored), id, existing, { mayShrink: true }),
              (objects: KubeObject[]) => decodeReport(objects, id).stored,
            ];
      for (const [from, to] of [
        [before, after],
        [after, before],
      ] as const) {
        const objects = applied([], encode(from, []));
        const { puts } = encode(to, objects);
        const whole = [decode(objects), decode(applied(objects, { puts, deletes: [] }))];
        for (let done = 0; done <= puts.length; done++) {
          const seen = decode(applied(objects, { puts: puts.slice(0, done), deletes: [] }));
          expect(seen).toEqual(done === puts.length ? whole[1] : whole[0]);
        }
      }
    },
  );

  test("parts of another k are ignored, and said to be", () => {
    const objects = applied([], encodeBaseline(big, id, [], keep));
    const stray = { ...objects[0], metadata: { name: "production.ns.shop.2" }, k: 1, part: 0 };
    const { stored, dropped } = decodeBaseline([...objects, stray], id);
    expect(stored).toEqual(big);
    expect(dropped).toEqual(["production.ns.shop.2: is a part of another k than the 4 of production.ns.shop"]);
  });

  test("a part that carries another k than its name says is ignored, too", () => {
    const objects = applied([], encodeBaseline(big, id, [], keep));
    const wrong = objects.map((object) => (object.part === 5 ? { ...object, k: 3 } : object));
    expect(decodeBaseline(wrong, id).stored?.lost).toEqual({ bits: 4, parts: [5] });
  });

  test("a part that is missing is known to be", () => {
    const without = (objects: KubeObject[]) => objects.filter(({ part }) => part !== 5);
    const baseline = decodeBaseline(without(applied([], encodeBaseline(big, id, [], keep))), id).stored;
    expect(baseline?.lost).toEqual({ bits: 4, parts: [5] });
    const reports = applied([], encodeReport(reportOf(big), id, [], keep));
    expect(decodeReport(without(reports), id).stored?.lost?.parts).toEqual([5]);
  });

  test("objects keep the limit whatever is in them", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 1, max: 30 }), (resources, entries) => {
        const { puts } = encodeBaseline(baselineOf(resources, entries), id, [], keep);
        expect(Math.max(...puts.map(jsonBytes))).toBeLessThanOrEqual(128 * 1024);
      }),
      { numRuns: 15 },
    );
  });
});

describe("LEDGER 7.2 reports", () => {
  test("what is encoded is decoded again", () => {
    fc.assert(
      fc.property(storedReport, fc.boolean(), (stored, namespaced) => {
        const ledger = namespaced ? id : cluster;
        const objects = applied([], encodeReport(stored, ledger, [], keep));
        expect(decodeReport(objects, ledger)).toEqual({ stored, dropped: [] });
        expect(encodeReport(stored, ledger, objects, keep)).toEqual({ puts: [], deletes: [] });
      }),
      { numRuns: 300 },
    );
  });

  test("are named like the policy, which owns them without blocking its deletion", () => {
    const [object] = encodeReport(reportOf(emptyBaseline), id, [], keep).puts;
    expect(object).toMatchObject({
      kind: "ScanReport",
      metadata: {
        name: "production",
        namespace: "shop",
        labels: { "pawl.dev/policy": "production" },
        ownerReferences: [
          {
            apiVersion: "pawl.dev/v1alpha1",
            kind: "Policy",
            name: "production",
            uid: "policy-uid",
            blockOwnerDeletion: false,
          },
        ],
      },
      policyRef: { kind: "Policy", name: "production" },
      parts: 0,
      violating: [],
    });
    expect(encodeReport(reportOf(emptyBaseline), cluster, [], keep).puts[0]?.kind).toBe("ClusterScanReport");
  });

  test("one whose owner has another uid is rewritten", () => {
    const objects = applied([], encodeReport(reportOf(emptyBaseline), id, [], keep));
    const recreated = { ...id, policy: { name: "production", uid: "second-uid" } };
    expect(
      encodeReport(reportOf(emptyBaseline), recreated, objects, keep).puts[0]?.metadata.ownerReferences,
    ).toMatchObject([{ uid: "second-uid" }]);
  });

  test("leave out that a row is Known, and since when if that is takenAt", () => {
    const [object] = encodeReport(reportOf(baselineOf(1, 1)), id, [], keep).puts;
    expect(object?.violating[0]?.rows).toEqual([
      { rule: "memory-limit-0", path: "containers[name=application].resources.limits.memory" },
    ]);
  });

  test("own their parts, which come after a report that is new and before one that is there", () => {
    const report = reportOf(baselineOf(2000));
    const first = encodeReport(report, id, [], keep).puts;
    expect(first[0]).toMatchObject({ kind: "ScanReport", parts: 8, partBits: 3, violating: [] });
    const part = first[1] as ReportPartObject;
    expect(part.metadata.ownerReferences).toBeUndefined();
    const owner = { kind: "ScanReport", name: "production", uid: "report-uid" };
    expect(ownedBy(part, owner).metadata.ownerReferences).toMatchObject([{ ...owner, blockOwnerDeletion: false }]);
    const existing = applied([], encodeReport(reportOf(emptyBaseline), id, [], keep));
    const grown = encodeReport(report, id, existing, keep).puts;
    expect(grown.at(-1)).toMatchObject({ kind: "ScanReport" });
    expect(grown[0]).toMatchObject({
      kind: "ScanReportPart",
      metadata: { name: expect.stringMatching(/^production\.\d+$/), ownerReferences: [{ uid: "uid-production" }] },
    });
  });

  test.each([[{}], [{ kind: "ScanReport" }], [{ kind: "ScanReport", metadata: { name: "production" }, summary: [] }]])(
    "%o is no report and ends nothing",
    (object) => {
      expect(decodeReport([object], id).stored).toBeUndefined();
      expect(decodeBaseline([object], id).stored).toBeUndefined();
    },
  );
});
