import fc from "fast-check";
import { byRef, sortEntries, sortRows, sortTransitions } from "../../../../src/engine/ledger/order.ts";
import type {
  StoredBaseline,
  StoredEntry,
  StoredReport,
  StoredRow,
  Transition,
} from "../../../../src/engine/ledger/stored.ts";

/** Stored ledgers of every form that the ledger itself writes. */

const instant = fc.integer({ min: 1_700_000_000, max: 1_900_000_000 }).map((seconds) => seconds * 1000);
const id = fc.constantFrom("limit", "tag", "root", "service");
const ref = fc.integer({ min: 0, max: 400 }).map((at) => `Deployment.apps/web-${at}`);
const path = fc.oneof(
  fc.constant(""),
  fc.stringMatching(/^[a-z]{1,12}\[name=[a-z]{1,8}\]\.[a-z]{1,12}$/),
  fc.string({ unit: "grapheme" }),
);
const count = fc.oneof(
  { weight: 4, arbitrary: fc.constant(1) },
  { weight: 1, arbitrary: fc.integer({ min: 2, max: 99 }) },
);
const flag = fc.constant(true as const);

const place = { rule: id, path, class: fc.string({ maxLength: 20 }), count };
const required = ["rule", "path", "count", "since"] as const;

const entry: fc.Arbitrary<StoredEntry> = fc.record(
  {
    ...place,
    since: instant,
    absentSince: instant,
    announced: flag,
    outSince: instant,
    idleSince: instant,
    moved: flag,
  },
  { requiredKeys: [...required] },
);

const row: fc.Arbitrary<StoredRow> = fc.record(
  {
    ...place,
    state: fc.constantFrom("New" as const, "Known" as const),
    since: instant,
    moved: flag,
    value: fc.string({ maxLength: 64 }),
  },
  { requiredKeys: [...required, "state"] },
);

const kinds = fc.uniqueArray(fc.constantFrom("Deployment.apps", "Pod", "Service"));
const match = fc.record(
  {
    namespaces: fc.constant({ include: ["shop-*"] }),
    objectSelector: fc.constant({ matchLabels: { env: "prod" } }),
    clusterResources: fc.constantFrom("Auto" as const, "Include" as const),
  },
  { requiredKeys: ["clusterResources"] },
);

const named = fc.string({ minLength: 1 });

export const storedBaseline: fc.Arbitrary<StoredBaseline> = fc.record(
  {
    takenAt: instant,
    fixed: fc.nat(),
    match,
    kinds: kinds.map((list) => list.sort()),
    rules: fc
      .dictionary(id, fc.record({ revision: fc.nat(), params: fc.string() }))
      .map((map) => new Map(Object.entries(map))),
    holes: fc.dictionary(fc.constantFrom("Pod", "service"), instant).map((map) => new Map(Object.entries(map))),
    outOfScopeSince: instant,
    orphanedSince: instant,
    namespaceGoneSince: instant,
    resources: fc
      .uniqueArray(
        fc.record(
          {
            ref,
            shape: fc.string(),
            owner: named,
            source: named,
            entries: fc.array(entry, { minLength: 1, maxLength: 5 }).map(sortEntries),
          },
          { requiredKeys: ["ref", "entries"] },
        ),
        { selector: (resource) => resource.ref },
      )
      .map((list) => list.sort(byRef)),
  },
  { requiredKeys: ["takenAt", "fixed", "match", "kinds", "rules", "holes", "resources"] },
);

const transition: fc.Arbitrary<Transition> = fc.record(
  {
    ...place,
    id: fc.string({ minLength: 1 }),
    at: instant,
    ref,
    to: fc.constantFrom("New" as const, "Known" as const, "Fixed" as const, "Gone" as const),
    reason: fc.constantFrom("Found", "Moved"),
  },
  { requiredKeys: ["rule", "path", "count", "id", "at", "ref", "to", "reason"] },
);

const summary = fc.record(
  {
    resources: fc.nat(),
    new: fc.nat(),
    known: fc.nat(),
    fixed: fc.nat(),
    critical: fc.nat(),
    high: fc.nat(),
    medium: fc.nat(),
    low: fc.nat(),
    score: fc.nat(100),
    grade: fc.constantFrom("A" as const, "E" as const),
  },
  { requiredKeys: ["resources", "new", "known", "fixed", "critical", "high", "medium", "low"] },
);

export const storedReport: fc.Arbitrary<StoredReport> = fc.record(
  {
    baselineTakenAt: instant,
    summary,
    changedAt: instant,
    rules: fc
      .dictionary(
        id,
        fc.record(
          { severity: fc.constantFrom("High" as const, "Low" as const), title: fc.string(), message: fc.string() },
          { requiredKeys: ["severity", "title"] },
        ),
      )
      .map((map) => new Map(Object.entries(map))),
    violating: fc
      .uniqueArray(
        fc.record(
          {
            ref,
            owner: fc.string({ minLength: 1, maxLength: 31 }),
            source: fc.constantFrom("argocd:shop", "helm:web"),
            rows: fc.array(row, { minLength: 1, maxLength: 5 }).map(sortRows),
            more: fc.nat(3),
          },
          { requiredKeys: ["ref", "rows", "more"] },
        ),
        { selector: (resource) => resource.ref },
      )
      .map((list) => list.sort(byRef)),
    changes: fc.array(transition, { maxLength: 5 }).map(sortTransitions),
    changesDropped: fc.nat(2),
    history: fc.constant([]),
    unverified: kinds,
    problems: fc.array(fc.record({ rule: id, resource: ref, reason: fc.string() }), { maxLength: 2 }),
  },
  {
    requiredKeys: [
      "summary",
      "changedAt",
      "rules",
      "violating",
      "changes",
      "changesDropped",
      "history",
      "unverified",
      "problems",
    ],
  },
);
