import { execFile } from "node:child_process";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ControlPlane } from "../../../tools/control-plane/index.ts";
import { examples } from "../../docs/examples.ts";
import { codeBlocks } from "../../docs/markdown.ts";
import { pages, root } from "../../docs/pages.ts";
import { crdsFolder, served } from "../api/installed-crds.ts";
import { cluster, kubectl, startIsolatedControlPlane } from "../cluster.ts";

// On a control plane of its own: the guides speak of objects by plain names, such as the namespace shop.
let plane: ControlPlane;

beforeAll(async () => {
  plane = await startIsolatedControlPlane();
  await run(["apply", "--filename", crdsFolder]);
  await served(plane.kubeconfig);
  for (const namespace of ["shop", "monitoring", "pawl-system"]) await run(["create", "namespace", namespace]);
  await run(["apply", "--filename=-"], JSON.stringify(prometheusOperatorStubs));
  await run(["wait", "--for=condition=Established", "crd", "--all"]);
  await run(["apply", "--filename", join(root, "tools/generators/examples")]);
});

afterAll(async () => {
  await plane.dispose();
});

/** The Prometheus Operator's kinds, as far as kubectl needs them to send objects: what is in them is checked elsewhere. */
const prometheusOperatorStubs = {
  apiVersion: "v1",
  kind: "List",
  items: ["PodMonitor", "PrometheusRule"].map((kind) => {
    const group = "monitoring.coreos.com";
    const plural = `${kind.toLowerCase()}s`;
    const openAPIV3Schema = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
    return {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: `${plural}.${group}` },
      spec: {
        group,
        scope: "Namespaced",
        names: { kind, plural },
        versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema } }],
      },
    };
  }),
};

async function run(args: readonly string[], input = ""): Promise<{ readonly stdout: string; readonly stderr: string }> {
  return await kubectl(args, { kubeconfig: plane.kubeconfig, input });
}

test.each(examples)("the API server takes the objects at $at as they are, without a warning", async (example) => {
  const { stdout, stderr } = await run(
    ["apply", "--dry-run=server", "--validate=strict", "--filename=-"],
    example.text,
  );

  expect(stdout.match(/\(server dry run\)$/gm)).toHaveLength(example.objects.length);
  expect(stderr).toBe("");
});

/** Commands of the guides and of the operations page, as a reader would paste them. */
const commands = pages
  .filter(({ path }) => path.startsWith("docs/guides/") || path === "docs/operations.md")
  .flatMap(({ path, text: page }) =>
    codeBlocks(page)
      .filter(({ language }) => language === "sh")
      .map(({ text, line }) => ({ at: `${path}:${line}`, text })),
  );

async function paste(text: string): Promise<string> {
  const { stdout } = await promisify(execFile)("bash", ["-euo", "pipefail", "-c", text], {
    env: {
      ...process.env,
      PATH: `${dirname(cluster.kubectl)}:${process.env.PATH ?? ""}`,
      KUBECONFIG: plane.kubeconfig,
      KUBECACHEDIR: join(dirname(plane.kubeconfig), "kubectl-cache"),
    },
    timeout: 60_000,
  });
  return stdout;
}

describe("the commands of the pages", () => {
  test.each(commands)("at $at are understood", async ({ text }) => {
    await expect(paste(text)).resolves.toBeTypeOf("string");
  });

  test("list what became new lately", async () => {
    const command = commands.find(({ text }) => text.includes(".changes["))?.text ?? "";

    expect(await paste(command)).toBe(
      "2026-11-21T07:25:00Z  Deployment.apps/checkout  memory-limit  containers[name=app].resources.limits.memory\n",
    );
  });
});
