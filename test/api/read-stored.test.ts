import { readFileSync } from "node:fs";
import fc from "fast-check";
import { load } from "js-yaml";
import { describe, expect, test } from "vitest";
import type { z } from "zod";
import { baselineKind } from "../../src/api/baseline.ts";
import { storedPolicy } from "../../src/api/policy.ts";
import { readStored } from "../../src/api/read-stored.ts";
import { scanReportKind } from "../../src/api/scan-report.ts";

type Editable = Record<string, unknown>;

/** The example of the reference, as a person or another version may have left it. */
function edited(example: string, edit: (object: Editable) => void): Editable {
  const object = load(
    readFileSync(new URL(`../../tools/generators/examples/${example}.yaml`, import.meta.url), "utf8"),
  ) as Editable;
  edit(object);
  return object;
}

const untouched = () => undefined;

describe("a report", () => {
  test("is read as it was written", () => {
    const stored = edited("scan-report", untouched);

    expect(readStored(scanReportKind, stored)).toEqual({ ok: true, value: stored, dropped: [] });
  });

  test("loses a row that is half understood, for without its state it would count as known", () => {
    const stored = edited("scan-report", (report) => {
      report.violating = [
        {
          ref: "Deployment.apps/checkout",
          rows: [
            { rule: "memory-limit", path: "containers[name=app]", state: "Exempt" },
            { rule: "cpu-limit", path: "containers[name=app]" },
          ],
        },
      ];
    });

    const reading = readStored(scanReportKind, stored);

    expect(reading).toMatchObject({
      ok: true,
      value: { violating: [{ ref: "Deployment.apps/checkout", rows: [{ rule: "cpu-limit" }] }] },
      dropped: [{ path: "violating[0].rows[0].state", message: '"Exempt" is not allowed here: write New, or Known' }],
    });
    expect(reading.ok && reading.value.violating[0]?.rows).toHaveLength(1);
  });

  test("loses a whole list item when its own list is no list", () => {
    const stored = edited("scan-report", (report) => {
      report.violating = [
        { ref: "Pod/a", rows: "none" },
        { ref: "Pod/b", rows: [] },
      ];
    });

    expect(readStored(scanReportKind, stored)).toMatchObject({
      ok: true,
      value: { violating: [{ ref: "Pod/b" }] },
      dropped: [{ path: "violating[0].rows", message: 'must be a list, not "none"' }],
    });
  });

  test("loses a map entry whose required field is bad, and says it once", () => {
    const stored = edited("scan-report", (report) => {
      report.rules = { one: { severity: "Severe", title: "One" }, two: { severity: "Low", title: "Two" } };
    });

    expect(readStored(scanReportKind, stored)).toMatchObject({
      ok: true,
      value: { rules: { two: { severity: "Low", title: "Two" } } },
      dropped: [
        {
          path: "rules.one.severity",
          message: '"Severe" is not allowed here: write Critical, or High, or Medium, or Low',
        },
      ],
    });
  });

  test("loses an optional field alone", () => {
    const stored = edited("scan-report", (report) => {
      report.baselineTakenAt = "yesterday";
    });

    const reading = readStored(scanReportKind, stored);

    expect(reading).toMatchObject({
      ok: true,
      dropped: [{ path: "baselineTakenAt", message: '"yesterday" is not a time: write it as 2026-11-21T07:25:00Z' }],
    });
    expect(reading.ok && "baselineTakenAt" in reading.value).toBe(false);
  });

  test("is not read when it does not say what it belongs to", () => {
    const stored = edited("scan-report", (report) => {
      report.policyRef = { kind: "Policy" };
    });

    expect(readStored(scanReportKind, stored)).toEqual({
      ok: false,
      dropped: [{ path: "policyRef.name", message: "is required: add it" }],
    });
  });

  test("keeps metadata that we do not know and drops other fields that we do not know", () => {
    const stored = edited("scan-report", (report) => {
      report.metadata = { name: "production", namespace: "shop", managedFields: [{ manager: "pawl" }] };
      report.later = true;
    });

    const reading = readStored(scanReportKind, stored);

    expect(reading.ok && reading.value.metadata).toEqual({
      name: "production",
      namespace: "shop",
      managedFields: [{ manager: "pawl" }],
    });
    expect(reading.ok && "later" in reading.value).toBe(false);
  });

  test("stays as it was in the caller's hands", () => {
    const stored = edited("scan-report", (report) => {
      report.unverified = [1, "Pod"];
    });
    const before = structuredClone(stored);

    readStored(scanReportKind, stored);

    expect(stored).toEqual(before);
  });
});

describe("a Baseline", () => {
  test("is read as it was written", () => {
    const stored = edited("baseline", untouched);

    expect(readStored(baselineKind, stored)).toEqual({ ok: true, value: stored, dropped: [] });
  });

  test.each([
    ["2026-11-20T09:00:00+01:00", "2026-11-20T08:00:00Z"],
    ["2026-11-20T08:00:00.000Z", "2026-11-20T08:00:00Z"],
    ["2026-11-20T08:00:00.25Z", "2026-11-20T08:00:00.250Z"],
  ])("gives the instant %s as %s, so that equal instants are equal strings", (written, read) => {
    const stored = edited("baseline", (baseline) => {
      baseline.takenAt = written;
    });

    expect(readStored(baselineKind, stored)).toMatchObject({ ok: true, value: { takenAt: read } });
  });

  test("is not read in a format that we do not know, rather than taken for another", () => {
    const stored = edited("baseline", (baseline) => {
      baseline.format = 2;
    });

    expect(readStored(baselineKind, stored)).toEqual({
      ok: false,
      dropped: [{ path: "format", message: "2 is not allowed here: write 1" }],
    });
  });
});

describe("a Policy", () => {
  test("is read whatever its spec says, for a bad spec is not the end of the last good one", () => {
    const stored = edited("policy", (policy) => {
      policy.spec = { match: 5 };
      policy.status = { inForce: { generation: 1, spec: { description: "good" } } };
    });

    expect(readStored(storedPolicy, stored)).toMatchObject({
      ok: true,
      value: { spec: { match: 5 }, status: { inForce: { generation: 1, spec: { description: "good" } } } },
      dropped: [],
    });
  });

  test("keeps the rest of its status when a part of it cannot be read", () => {
    const stored = edited("policy", (policy) => {
      policy.status = { summary: { resources: -1 }, lastScanTime: "2026-11-21T07:25:00Z", conditions: [{}] };
    });

    const reading = readStored(storedPolicy, stored);

    expect(reading.ok && reading.value.status).toEqual({ conditions: [], lastScanTime: "2026-11-21T07:25:00Z" });
  });
});

const schemas: readonly z.ZodType[] = [scanReportKind.schema, baselineKind.schema, storedPolicy.schema];

test("never throws, whatever is stored", () => {
  fc.assert(
    fc.property(fc.constantFrom(...schemas), fc.anything(), (schema, value) => {
      const reading = readStored({ schema }, value);

      return reading.ok || reading.dropped.length > 0;
    }),
    { numRuns: 2_000 },
  );
});

test("reads what remains of a report in which anything at all was replaced", () => {
  const keys = ["policyRef", "summary", "rules", "violating", "changes", "history", "unverified", "problems", "parts"];
  fc.assert(
    fc.property(fc.constantFrom(...keys), fc.jsonValue(), fc.nat(3), (key, value, at) => {
      const stored = edited("scan-report", (report) => {
        const field = report[key];
        if (Array.isArray(field)) field.splice(at, 1, value);
        else report[key] = value;
      });

      const reading = readStored(scanReportKind, stored);

      return reading.ok ? readStored(scanReportKind, reading.value).dropped.length === 0 : reading.dropped.length > 0;
    }),
    { numRuns: 2_000 },
  );
});
