import { describe, expect, test } from "vitest";
import { kinds } from "../../src/api/kinds.ts";

/** Short names that Kubernetes 1.36 gives to its own kinds. */
const taken = new Set(
  "cj clustertrustbundle cm cr crb crd crds cs csr deploy ds ep ev hpa ing ip limits mwc netpol no ns pc pdb po pv pvc pvcs quota rc rs sa sc sts svc svcs va vac vap vapb vwc".split(
    " ",
  ),
);

test("every name of a kind means that kind alone", () => {
  const names = kinds.flatMap(({ plural, singular, shortNames }) => [plural, singular, ...shortNames]);

  expect(names).toHaveLength(new Set(names).size);
  expect(names.filter((name) => taken.has(name))).toEqual([]);
});

test("kubectl get pawl lists what users read and no parts", () => {
  expect(kinds.filter(({ inCategory }) => inCategory).map(({ kind }) => kind)).toEqual([
    "Policy",
    "ScanReport",
    "ClusterScanReport",
    "Baseline",
    "ReportSubscription",
  ]);
});

test("reports can be selected by their policy", () => {
  expect(
    kinds.filter(({ selectableFields }) => selectableFields.includes(".policyRef.name")).map((k) => k.kind),
  ).toEqual(["ScanReport", "ClusterScanReport", "ScanReportPart", "ClusterScanReportPart", "Baseline"]);
});

describe.each(kinds)("$kind", ({ kind, plural, singular }) => {
  test("has names in the form that Kubernetes asks for", () => {
    expect(singular).toBe(kind.toLowerCase());
    expect(plural).toMatch(/^[a-z]+s$/);
  });
});
