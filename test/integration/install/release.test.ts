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

describe("a tenant with every right in one namespace", () => {
  const tenant = "tenant@example.com";
  const canI = async (verb: string, resource: string, ...more: string[]) =>
    await kube("auth", "can-i", verb, resource, `--as=${tenant}`, ...more).catch(({ stdout }) => String(stdout).trim());

  beforeAll(async () => {
    await kube("apply", "--server-side", "--force-conflicts", "-k", join(root, "config/default"));
    await served(plane.kubeconfig);
    await kube("create", "namespace", "shop");
    await kube("create", "rolebinding", "tenant", "-n", "shop", "--clusterrole=admin", `--user=${tenant}`);
    await waitFor(async () => (await canI("get", "scanreports.pawl.dev", "-n", "shop")) === "yes", {
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
    expect(await canI(verb, resource, ...(namespace === undefined ? [] : ["-n", namespace]))).toBe(answer);
  });

  test("who is made an administrator of policies sets them, and still writes no baseline", async () => {
    await kube("create", "clusterrolebinding", "policies", "--clusterrole=pawl-policy-admin", `--user=${tenant}`);
    await waitFor(async () => (await canI("create", "policies.pawl.dev")) === "yes", { describe: "the binding" });
    expect(await canI("get", "baselines.pawl.dev")).toBe("yes");
    expect(await canI("update", "baselines.pawl.dev")).toBe("no");
    expect(await canI("update", "scanreports.pawl.dev", "-n", "default")).toBe("no");
  });
});
