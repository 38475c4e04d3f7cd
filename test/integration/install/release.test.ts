import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ControlPlane } from "../../../tools/control-plane/index.ts";
import { root } from "../../docs/pages.ts";
import { served } from "../api/installed-crds.ts";
import { kubectl, startIsolatedControlPlane, waitFor } from "../cluster.ts";
import { chartFolder, helm } from "./helm.ts";

// On a control plane of its own: the chart makes objects that belong to the whole cluster.
let plane: ControlPlane;

beforeAll(async () => {
  plane = await startIsolatedControlPlane();
});

afterAll(async () => {
  await plane.dispose();
});

const kube = async (...args: string[]) => (await kubectl(args, { kubeconfig: plane.kubeconfig })).stdout.trim();
const release = async (command: string, ...args: string[]) =>
  await helm([command, "pawl", ...args, "--namespace", "pawl-system"], plane.kubeconfig);

describe("a release of the chart", () => {
  // The first Policy of a first installation waits for a Job, and so for a kubelet: the end-to-end tests install it.
  test("takes a Policy up once the kinds are served, is upgraded with what was changed, and leaves the CRDs and what is in them", async () => {
    await release("install", chartFolder, "--create-namespace", "--set", "policy.create=false");
    await served(plane.kubeconfig);
    const packs = async () => await kube("get", "policy.pawl.dev", "default", "-o", "jsonpath={.spec.rules.packs}");
    await release("upgrade", chartFolder, "--set", "policy.create=true");
    expect(await packs()).toBe('["recommended"]');
    await release(
      "upgrade",
      chartFolder,
      "--set",
      "policy.spec.rules.packs={pss-baseline}",
      "--set",
      "clusterName=prod",
    );
    expect(await packs()).toBe('["pss-baseline"]');
    expect(await kube("get", "deployment", "pawl", "-n", "pawl-system", "-o", "jsonpath={..args}")).toContain(
      "--cluster-name=prod",
    );

    await release("uninstall");
    expect(await kube("get", "crd", "policies.pawl.dev", "-o", "name")).toContain("policies.pawl.dev");
    await waitFor(async () => (await kube("get", "deployment", "-n", "pawl-system", "-o", "name")) === "", {
      describe: "the Deployment to be gone",
    });
  });

  test("and config/default are taken by the API server, as are all samples", async () => {
    await kube("apply", "--server-side", "--force-conflicts", "-k", join(root, "config/default"));
    await served(plane.kubeconfig);
    const samples = readdirSync(join(root, "config/samples")).filter((file) => file.endsWith(".yaml"));
    for (const sample of samples) {
      const path = join(root, "config/samples", sample);
      expect(await kube("apply", "--server-side", "--dry-run=server", "-f", path)).toContain("serverside-applied");
    }
  });
});

/** The answer of `kubectl auth can-i` to that user. */
async function canI(user: string, verb: string, resource: string, namespace?: string): Promise<string> {
  const where = namespace === undefined ? [] : ["-n", namespace];
  const question = ["auth", "can-i", verb, resource, `--as=${user}`, ...where];
  return await kube(...question).catch(({ stdout }) => String(stdout).trim());
}

describe("in a cluster with Pawl", () => {
  beforeAll(async () => {
    await kube("apply", "--server-side", "--force-conflicts", "-k", join(root, "config/default"));
    await served(plane.kubeconfig);
  });

  describe("a tenant who is admin of one namespace", () => {
    const tenant = "admin@example.com";

    beforeAll(async () => {
      await kube("create", "namespace", "shop");
      await kube("create", "rolebinding", "tenant", "-n", "shop", "--clusterrole=admin", `--user=${tenant}`);
      await waitFor(async () => (await canI(tenant, "get", "scanreports.pawl.dev", "shop")) === "yes", {
        describe: "the aggregation of pawl-view",
      });
    });

    test.each([
      ["list", "scanreports.pawl.dev", "shop", "yes"],
      ["get", "scanreportparts.pawl.dev", "shop", "yes"],
      ["update", "scanreports.pawl.dev", "shop", "no"],
      ["delete", "scanreports.pawl.dev", "shop", "no"],
      ["list", "scanreports.pawl.dev", "default", "no"],
      ["update", "baselines.pawl.dev", undefined, "no"],
      ["get", "baselines.pawl.dev", undefined, "no"],
      ["create", "policies.pawl.dev", undefined, "no"],
    ])("may it %s %s in %s? %s", async (verb, resource, namespace, answer) => {
      expect(await canI(tenant, verb, resource, namespace)).toBe(answer);
    });

    test("who is made an administrator of policies sets them, and still writes no baseline", async () => {
      await kube("create", "clusterrolebinding", "policies", "--clusterrole=pawl-policy-admin", `--user=${tenant}`);
      await waitFor(async () => (await canI(tenant, "create", "policies.pawl.dev")) === "yes", {
        describe: "the binding",
      });
      expect(await canI(tenant, "get", "baselines.pawl.dev")).toBe("yes");
      expect(await canI(tenant, "update", "baselines.pawl.dev")).toBe("no");
      expect(await canI(tenant, "update", "scanreports.pawl.dev", "default")).toBe("no");
    });
  });

  describe("a tenant with * in one namespace", () => {
    const tenant = "owner@example.com";

    beforeAll(async () => {
      const everything = { apiGroups: ["*"], resources: ["*"], verbs: ["*"] };
      const [apiVersion, metadata] = ["rbac.authorization.k8s.io/v1", { name: "everything", namespace: "owned" }];
      const input = [
        { apiVersion: "v1", kind: "Namespace", metadata: { name: "owned" } },
        { apiVersion, kind: "Role", metadata, rules: [everything] },
        {
          apiVersion,
          kind: "RoleBinding",
          metadata,
          roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "everything" },
          subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: tenant }],
        },
      ];
      await kubectl(["apply", "-f", "-"], { kubeconfig: plane.kubeconfig, input });
      await waitFor(async () => (await canI(tenant, "*", "*", "owned")) === "yes", { describe: "the binding" });
    });

    // What it writes over in its own reports is put right: test/integration/operator/repair.test.ts.
    test.each([
      ["list", "scanreports.pawl.dev", "owned", "yes"],
      ["get", "scanreportparts.pawl.dev", "owned", "yes"],
      ["update", "scanreports.pawl.dev", "owned", "yes"],
      ["get", "scanreports.pawl.dev", "default", "no"],
      ["update", "scanreports.pawl.dev", "default", "no"],
      ["delete", "scanreportparts.pawl.dev", "default", "no"],
      ["get", "clusterscanreports.pawl.dev", undefined, "no"],
      ["update", "clusterscanreports.pawl.dev", undefined, "no"],
      ["get", "baselines.pawl.dev", undefined, "no"],
      ["update", "baselines.pawl.dev", undefined, "no"],
      ["delete", "baselines.pawl.dev", undefined, "no"],
      ["update", "policies.pawl.dev", undefined, "no"],
      ["create", "reportsubscriptions.pawl.dev", undefined, "no"],
    ])("may it %s %s in %s? %s", async (verb, resource, namespace, answer) => {
      expect(await canI(tenant, verb, resource, namespace)).toBe(answer);
    });
  });
});
