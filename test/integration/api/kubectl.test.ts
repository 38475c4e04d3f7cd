import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { kinds } from "../../../src/api/kinds.ts";
import { ApiClient, type ControlPlane } from "../../../tools/control-plane/index.ts";
import { kubectl, startIsolatedControlPlane, waitFor } from "../cluster.ts";
import { crdsFolder, served } from "./installed-crds.ts";

interface CustomResourceDefinition {
  readonly status: {
    readonly conditions: readonly { readonly type: string; readonly status: string }[];
    readonly acceptedNames: { readonly shortNames?: readonly string[] };
  };
}

const examples = join(import.meta.dirname, "../../../tools/generators/examples");

/** What Kyverno installs as far as names go: its Policy is namespaced and has the short name pol. */
const kyvernoPolicies = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "policies.kyverno.io" },
  spec: {
    group: "kyverno.io",
    names: {
      kind: "Policy",
      listKind: "PolicyList",
      plural: "policies",
      singular: "policy",
      shortNames: ["pol"],
      categories: ["kyverno"],
    },
    scope: "Namespaced",
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
      },
    ],
  },
};

const kyvernoPolicy = {
  apiVersion: "kyverno.io/v1",
  kind: "Policy",
  metadata: { name: "of-kyverno", namespace: "shop" },
};

const status = {
  conditions: [
    {
      type: "Ready",
      status: "True",
      reason: "InForce",
      message: "48 rules judge 21 kinds",
      lastTransitionTime: "2026-11-21T07:25:00Z",
    },
  ],
  summary: {
    resources: 41,
    new: 1,
    known: 2,
    fixed: 9,
    critical: 0,
    high: 2,
    medium: 1,
    low: 3,
    score: 97,
    grade: "A",
  },
  coverage: { percent: 98 },
  lastScanTime: "2020-01-01T00:00:00Z",
  nextScanTime: "2100-01-01T00:00:00Z",
};

// On a control plane of its own: here nobody else installs or lists anything.
let plane: ControlPlane;

beforeAll(async () => {
  plane = await startIsolatedControlPlane();
  await run(["apply", "--filename", crdsFolder]);
  await served(plane.kubeconfig);
  await run(["create", "namespace", "shop"]);
  await run(["apply", "--filename", examples]);
  await run([
    "patch",
    "ppol",
    "production",
    "--subresource=status",
    "--type=merge",
    `--patch=${JSON.stringify({ status })}`,
  ]);
  const report = JSON.parse(await run(["get", "sr", "production", "--namespace=shop", "--output=json"])) as object;
  await run(["create", "--filename=-"], [{ ...report, kind: "ClusterScanReport", metadata: { name: "production" } }]);
});

afterAll(async () => {
  await plane.dispose();
});

async function run(args: readonly string[], input: readonly object[] = []): Promise<string> {
  return (await kubectl(args, { kubeconfig: plane.kubeconfig, input })).stdout;
}

/** The cells of what kubectl prints; ages become `<age>`. */
async function tableOf(...args: string[]): Promise<string[][]> {
  const lines = (await run(args)).trimEnd().split("\n");
  return lines.map((line) => line.split(/\s{2,}/).map((cell) => (/^(\d+[smhdy])+$/.test(cell) ? "<age>" : cell)));
}

describe("kubectl apply of the CustomResourceDefinitions", () => {
  test.each(kinds)(
    "makes $kind established, structural, and gives it all its names",
    async ({ plural, shortNames }) => {
      const { status } = await new ApiClient(plane.admin).request<CustomResourceDefinition>(
        "GET",
        `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${plural}.pawl.dev`,
      );

      const conditions = Object.fromEntries(status.conditions.map((condition) => [condition.type, condition.status]));
      expect(conditions).toEqual({ NamesAccepted: "True", Established: "True" });
      expect(status.acceptedNames.shortNames ?? []).toEqual(shortNames);
    },
  );

  test("changes nothing the second time", async () => {
    const lines = (await run(["apply", "--filename", crdsFolder])).trim().split("\n");

    expect(lines).toHaveLength(kinds.length);
    expect(lines.filter((line) => !line.endsWith(" unchanged"))).toEqual([]);
  });

  test("leaves no difference for kubectl diff", async () => {
    expect(await run(["diff", "--filename", crdsFolder])).toBe("");
  });
});

describe("kubectl explain", () => {
  test("lists the fields of a policy's match with what they mean", async () => {
    const text = await run(["explain", "ppol.spec.match"]);

    expect(text).toContain("GROUP:      pawl.dev\nKIND:       Policy\nVERSION:    v1alpha1\n");
    expect(text).toContain(`
FIELDS:
  clusterResources	<string>
  enum: Auto, Include, Exclude
    Whether resources without a namespace are in scope. Auto: only if neither
    namespaces nor namespaceSelector is given.

  kinds	<[]string>
    Kinds in scope besides those that the enabled rules name: own kinds, for
    rules that judge any kind.

  namespaceSelector	<Object>
    Namespaces in scope, by their labels.

  namespaces	<Object>
    Namespaces in scope, by name.

  objectSelector	<Object>
    Resources in scope, by their labels.
`);
  });

  test.each([
    ["ppol", "A Policy says which resources of the cluster are judged"],
    ["ppol.spec.rules.override.params", "Parameters of the rule, laid over those that its packs bring."],
    ["ppol.spec.baseline.mode", "put it in quotes, or YAML reads it as false."],
    ["ppol.status.coverage.holes", "Kinds in scope that could not be read."],
    ["sr.violating.rows.since", "absent means when the baseline was taken."],
    ["csrep.summary.fixed", "Baseline entries that are gone since the baseline was taken."],
    ["scanreportparts.k", "It counts only if the report says the same."],
    ["pbl.resources.entries.absentSince", "Since when it is fixed; after settle the entry goes."],
  ])("answers %s", async (field, text) => {
    expect((await run(["explain", field])).replaceAll(/\s+/g, " ")).toContain(text);
  });
});

describe("kubectl get", () => {
  const policyHead = ["NAME", "READY", "RESOURCES", "NEW", "KNOWN", "FIXED", "COVERAGE", "SCORE", "LAST SCAN", "AGE"];
  const policyRow = ["production", "True", "41", "1", "2", "9", "98", "97", "<age>", "<age>"];
  const reportHead = "RESOURCES NEW KNOWN FIXED CRITICAL HIGH MEDIUM LOW SCORE CHANGED".split(" ");
  const reportRow = ["41", "1", "1", "9", "0", "2", "0", "0", "97", "<age>"];

  test("shows policies by their short name", async () => {
    expect(await tableOf("get", "ppol")).toEqual([policyHead, policyRow]);
  });

  test("shows severities and the next scan with -o wide, and that as a time, for kubectl knows no age to come", async () => {
    expect(await tableOf("get", "ppol", "--output=wide")).toEqual([
      [...policyHead, "CRITICAL", "HIGH", "MEDIUM", "LOW", "NEXT SCAN"],
      [...policyRow, "0", "2", "1", "3", "2100-01-01T00:00:00Z"],
    ]);
  });

  test("shows a policy that nobody has looked at yet without a number", async () => {
    await run(
      ["create", "--filename=-"],
      [{ apiVersion: "pawl.dev/v1alpha1", kind: "Policy", metadata: { name: "fresh" }, spec: {} }],
    );

    const line = await run(["get", "ppol", "fresh", "--no-headers"]);
    await run(["delete", "ppol", "fresh"]);

    expect(line).toMatch(/^fresh\s+\d+s\n$/);
  });

  test.each(["--output=", "--output=wide"])("shows reports by their short name with %s", async (output) => {
    expect(await tableOf("get", "sr", "--all-namespaces", output)).toEqual([
      ["NAMESPACE", "NAME", ...reportHead],
      ["shop", "production", ...reportRow],
    ]);
  });

  test("shows cluster reports by their short name", async () => {
    expect(await tableOf("get", "csrep")).toEqual([
      ["NAME", ...reportHead],
      ["production", ...reportRow],
    ]);
  });

  test("shows baselines by their short name", async () => {
    expect(await tableOf("get", "pbl")).toEqual([
      ["NAME", "POLICY", "NAMESPACE", "ENTRIES", "FIXED", "TAKEN"],
      ["production.ns.shop", "production", "shop", "1", "9", "<age>"],
    ]);
  });

  test.each([
    ["pbl", "production.ns.shop"],
    ["sr", "production"],
    ["csrep", "production"],
  ])("selects %s by the name of the policy", async (kind, name) => {
    const namesWith = async (policy: string) =>
      (
        await run(["get", kind, "--all-namespaces", `--field-selector=policyRef.name=${policy}`, "--output=name"])
      ).trim();

    expect(await namesWith("production")).toMatch(new RegExp(`/${name}$`));
    expect(await namesWith("staging")).toBe("");
  });

  test("lists policies, reports, baselines and subscriptions as pawl, and no parts", async () => {
    const policyRef = { kind: "Policy", name: "production" };
    const part = { apiVersion: "pawl.dev/v1alpha1", policyRef, k: 1, part: 0, violating: [] };
    await run(
      ["create", "--filename=-"],
      [
        { ...part, kind: "ScanReportPart", metadata: { name: "production.0", namespace: "shop" } },
        { ...part, kind: "ClusterScanReportPart", metadata: { name: "production.0" } },
      ],
    );

    const names = await run(["get", "pawl", "--all-namespaces", "--output=name"]);

    expect(names.trim().split("\n").sort()).toEqual([
      "baseline.pawl.dev/production.ns.shop",
      "clusterscanreport.pawl.dev/production",
      "policy.pawl.dev/production",
      "reportsubscription.pawl.dev/platform",
      "scanreport.pawl.dev/production",
    ]);
  });

  describe("beside Kyverno", () => {
    beforeAll(async () => {
      await run(["create", "--filename=-"], [kyvernoPolicies]);
      await waitFor(() => run(["create", "--filename=-"], [kyvernoPolicy]), { describe: "a policy of Kyverno" });
    });

    test.each(["ppol", "policies.pawl.dev", "policy.pawl.dev"])("shows ours as %s", async (name) => {
      expect((await run(["get", name, "--output=name"])).trim()).toBe("policy.pawl.dev/production");
    });

    test("shows Kyverno's as pol", async () => {
      expect((await run(["get", "pol", "--all-namespaces", "--output=name"])).trim()).toBe(
        "policy.kyverno.io/of-kyverno",
      );
    });

    test("lists only ours as pawl", async () => {
      expect(await run(["get", "pawl", "--all-namespaces", "--output=name"])).not.toContain("kyverno");
    });

    test("explains ours as ppol", async () => {
      expect(await run(["explain", "ppol"])).toContain("GROUP:      pawl.dev");
    });
  });
});
