import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { type Baseline, baselineKind } from "../../../src/api/baseline.ts";
import { readStored } from "../../../src/api/read-stored.ts";
import { type ScanReport, scanReportKind } from "../../../src/api/scan-report.ts";
import { kubectl, request, uniqueName, withNamespace } from "../cluster.ts";
import { installCrds } from "./installed-crds.ts";

const examples = join(import.meta.dirname, "../../../tools/generators/examples");
const group = "/apis/pawl.dev/v1alpha1";

interface Managed {
  readonly metadata: { readonly managedFields: readonly object[] };
}

beforeAll(async () => {
  await installCrds();
});

/** The example of the reference under another name. */
function example<T extends { readonly metadata: object }>(file: string, metadata: object): T {
  const object = load(readFileSync(join(examples, `${file}.yaml`), "utf8")) as T;
  return { ...object, metadata };
}

const rules = Object.fromEntries(
  Array.from({ length: 100 }, (_, index) => [`rule-${index}`, { severity: "Low", title: `Rule ${index}` }]),
);

describe("a ScanReport", () => {
  test("comes back as it was written, and we read all of it", () =>
    withNamespace(async (namespace) => {
      const report = example<ScanReport>("scan-report", { name: "production", namespace });

      const stored = await request<ScanReport>("POST", `${group}/namespaces/${namespace}/scanreports`, report);

      expect({ ...stored, metadata: report.metadata }).toEqual(report);
      expect(readStored(scanReportKind, stored)).toEqual({ ok: true, value: stored, dropped: [] });
    }));

  test("has at most 1 KB of managedFields after a PUT, also with 100 rules", () =>
    withNamespace(async (namespace) => {
      const path = `${group}/namespaces/${namespace}/scanreports`;
      const created = await request<ScanReport>(
        "POST",
        path,
        example<ScanReport>("scan-report", {
          name: "production",
          namespace,
          labels: { "pawl.dev/policy": "production" },
        }),
      );

      const stored = await request<Managed>("PUT", `${path}/production`, { ...created, rules });

      expect(stored.metadata.managedFields).toHaveLength(1);
      expect(JSON.stringify(stored.metadata.managedFields).length).toBeLessThanOrEqual(1024);
    }));

  test("is found by the name of its policy, in any namespace", () =>
    withNamespace((one) =>
      withNamespace(async (other) => {
        const [mine, theirs] = [uniqueName("mine"), uniqueName("theirs")];
        for (const [namespace, name] of [
          [one, mine],
          [other, mine],
          [other, theirs],
        ] as const)
          await request("POST", `${group}/namespaces/${namespace}/scanreports`, {
            ...example<ScanReport>("scan-report", { name, namespace }),
            policyRef: { kind: "Policy", name },
          });

        const { stdout } = await kubectl([
          "get",
          "sr",
          "--all-namespaces",
          `--field-selector=policyRef.name=${mine}`,
          "--output=jsonpath={range .items[*]}{.metadata.namespace}/{.metadata.name} {end}",
        ]);

        expect(stdout.trim().split(" ").sort()).toEqual([`${one}/${mine}`, `${other}/${mine}`].sort());
      }),
    ));

  test("is refused with a value of more than 64 characters", () =>
    withNamespace(async (namespace) => {
      const rows = [{ rule: "memory-limit", path: "a", value: "x".repeat(65) }];
      const report = {
        ...example<ScanReport>("scan-report", { name: "production", namespace }),
        violating: [{ ref: "Pod/a", rows }],
      };

      await expect(request("POST", `${group}/namespaces/${namespace}/scanreports`, report)).rejects.toThrow(
        "violating[0].rows[0].value: Too long",
      );
    }));
});

describe("a Baseline", () => {
  test("comes back as it was written, and we read all of it", async () => {
    const name = uniqueName("production");
    onTestFinished(() => kubectl(["delete", "pbl", name]).then(() => undefined));
    const baseline = example<Baseline>("baseline", { name });

    const stored = await request<Baseline>("POST", `${group}/baselines`, baseline);

    expect({ ...stored, metadata: baseline.metadata }).toEqual(baseline);
    expect(readStored(baselineKind, stored)).toEqual({ ok: true, value: stored, dropped: [] });
  });

  test("has at most 1 KB of managedFields after a PUT, also with 100 rules and as many holes", async () => {
    const name = uniqueName("production");
    onTestFinished(() => kubectl(["delete", "pbl", name]).then(() => undefined));
    const adopted = Object.fromEntries(Object.keys(rules).map((id) => [id, { revision: 1, params: "44136fa3" }]));
    const holes = Object.fromEntries(Object.keys(rules).map((id) => [id, "2026-11-21T07:25:00Z"]));
    const created = await request<Baseline>("POST", `${group}/baselines`, example<Baseline>("baseline", { name }));

    const stored = await request<Managed>("PUT", `${group}/baselines/${name}`, { ...created, rules: adopted, holes });

    expect(JSON.stringify(stored.metadata.managedFields).length).toBeLessThanOrEqual(1024);
  });

  test("is refused in a format that this version does not know", async () => {
    const baseline = { ...example<Baseline>("baseline", { name: uniqueName("later") }), format: 2 };

    await expect(request("POST", `${group}/baselines`, baseline)).rejects.toThrow("format: Unsupported value: 2");
  });
});
