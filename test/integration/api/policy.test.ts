import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { parsePolicySpec } from "../../../src/api/parse-policy-spec.ts";
import type { Policy } from "../../../src/api/policy.ts";
import { badSpecs, goodSpecs } from "../../api/policy-spec-cases.ts";
import { kubectl, request, uniqueName } from "../cluster.ts";
import { installCrds } from "./installed-crds.ts";
import { expectRefusal, refusal } from "./refusal.ts";

const policies = "/apis/pawl.dev/v1alpha1/policies";

beforeAll(async () => {
  await installCrds();
});

function policy(name: string, spec: unknown): object {
  return { apiVersion: "pawl.dev/v1alpha1", kind: "Policy", metadata: { name }, spec };
}

describe("a server-side dry run", () => {
  test("accepts the example of the reference", async () => {
    const file = join(import.meta.dirname, "../../../tools/generators/examples/policy.yaml");

    const { stdout, stderr } = await kubectl(["apply", "--dry-run=server", "--validate=strict", "--filename=-"], {
      input: readFileSync(file, "utf8"),
    });

    expect({ stdout, stderr }).toEqual({ stdout: "policy.pawl.dev/production created (server dry run)\n", stderr: "" });
  });

  test.each(badSpecs.flatMap((one) => (one.server === undefined ? [] : [{ ...one, server: one.server }])))(
    "rejects $because and says where and why",
    async ({ spec, server }) => {
      await expectRefusal(policy("bad", spec), server);
    },
  );

  test.each(badSpecs.filter(({ server }) => server === undefined))(
    "cannot tell $because: that is the operator's to say",
    async ({ spec }) => {
      const answer = await request<Policy>("POST", `${policies}?dryRun=All`, policy(uniqueName("bad"), spec));

      expect(parsePolicySpec(answer.spec).ok).toBe(false);
    },
  );

  test.each([
    ["a dot", "shop.production"],
    ["more than 63 characters", "a".repeat(64)],
  ])("rejects a name with %s, for labels and reports carry it", async (_what, name) => {
    expect(await refusal(policy(name, {}))).toContain(
      "metadata.name must be a DNS label, because reports and labels carry it: at most 63 lower-case letters, digits and '-', no dots",
    );
  });

  test("rejects a policy without a spec, which is more likely a slip of indentation than a wish", async () => {
    expect(await refusal({ apiVersion: "pawl.dev/v1alpha1", kind: "Policy", metadata: { name: "bare" } })).toContain(
      "spec: Required value",
    );
  });

  test.each(["custom", "enforcement", "exemptions"])(
    "rejects spec.%s, which this version does not serve",
    async (field) => {
      expect(await refusal(policy("later", { [field]: {} }))).toContain(`unknown field "spec.${field}"`);
    },
  );
});

describe("a stored policy", () => {
  test.each(goodSpecs)("of $title has the defaults that our parser fills in", async ({ spec }) => {
    const stored = await request<Policy>("POST", `${policies}?dryRun=All`, policy(uniqueName("good"), spec));

    expect(parsePolicySpec(spec)).toEqual({ ok: true, spec: stored.spec });
  });

  test("may have a name of 63 characters", async () => {
    const name = uniqueName("p").padEnd(63, "x");

    expect(await request("POST", `${policies}?dryRun=All`, policy(name, {}))).toMatchObject({ metadata: { name } });
  });

  test("is the same after applying its manifest again", async () => {
    const name = uniqueName("twice");
    onTestFinished(() => kubectl(["delete", "ppol", name]).then(() => undefined));
    const input = [policy(name, { rules: { override: [{ id: "memory-limit", severity: "High" }] } })];
    await kubectl(["apply", "--filename=-"], { input });

    const again = await kubectl(["apply", "--filename=-"], { input });
    const difference = await kubectl(["diff", "--filename=-"], { input });

    expect(again.stdout).toBe(`policy.pawl.dev/${name} unchanged\n`);
    expect(difference.stdout).toBe("");
  });

  test("shows its defaults to kubectl get", async () => {
    const name = uniqueName("defaults");
    onTestFinished(() => kubectl(["delete", "ppol", name]).then(() => undefined));
    await kubectl(["apply", "--filename=-"], { input: [policy(name, {})] });

    const { stdout } = await kubectl(["get", "ppol", name, "--output=yaml"]);

    expect(stdout).toContain(`spec:
  baseline:
    mode: Ratchet
    newNamespaces: Empty
    settle: 24h
  match:
    clusterResources: Auto
  rules:
    packs:
    - recommended
  scan:
    continuous: true
    schedule: 0 * * * *
    suspend: false
    timeZone: Etc/UTC
`);
  });

  test("changes its status only through the subresource, and its spec not through it", async () => {
    const name = uniqueName("status");
    onTestFinished(() => kubectl(["delete", "ppol", name]).then(() => undefined));
    const created = await request<Policy>("POST", policies, {
      ...policy(name, { description: "first" }),
      status: { lastHandledScanRequest: "by hand" },
    });

    const answered = await request<Policy>("PUT", `${policies}/${name}/status`, {
      ...created,
      spec: { ...created.spec, description: "second" },
      status: { lastHandledScanRequest: "now" },
    });

    expect(created.status).toBeUndefined();
    expect(answered).toMatchObject({ spec: { description: "first" }, status: { lastHandledScanRequest: "now" } });
  });

  test("keeps in status.inForce whatever the spec was, by exactly those bytes", async () => {
    const name = uniqueName("force");
    onTestFinished(() => kubectl(["delete", "ppol", name]).then(() => undefined));
    const created = await request<Policy>("POST", policies, policy(name, goodSpecs[2]?.spec));

    const answered = await request<Policy>("PUT", `${policies}/${name}/status`, {
      ...created,
      status: { inForce: { generation: 1, spec: { ...created.spec, fromAnotherVersion: { list: [1] } } } },
    });

    expect(answered.status?.inForce?.spec).toEqual({ ...created.spec, fromAnotherVersion: { list: [1] } });
  });
});
