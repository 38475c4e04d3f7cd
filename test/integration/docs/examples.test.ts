import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ControlPlane } from "../../../tools/control-plane/index.ts";
import { examples } from "../../docs/examples.ts";
import { codeBlocks } from "../../docs/markdown.ts";
import { handbook, pages, root } from "../../docs/pages.ts";
import { crdsFolder, served } from "../api/installed-crds.ts";
import { cluster, kubectl, startIsolatedControlPlane } from "../cluster.ts";

// On a control plane of its own: the guides speak of objects by plain names, such as the namespace shop.
let plane: ControlPlane;

beforeAll(async () => {
  plane = await startIsolatedControlPlane();
  await run(["apply", "--filename", crdsFolder]);
  await served(plane.kubeconfig);
  for (const namespace of ["shop", "monitoring", "pawl-system", "argocd", "flux-system"])
    await run(["create", "namespace", namespace]);
  await run(["apply", "--filename=-"], JSON.stringify(stubs));
  await run(["wait", "--for=condition=Established", "crd", "--all"]);
  await run(["apply", "--filename", join(root, "tools/generators/examples")]);
});

afterAll(async () => {
  await plane.dispose();
});

const otherKinds = [
  { group: "monitoring.coreos.com", version: "v1", kind: "PodMonitor", plural: "podmonitors" },
  { group: "monitoring.coreos.com", version: "v1", kind: "ServiceMonitor", plural: "servicemonitors" },
  { group: "monitoring.coreos.com", version: "v1", kind: "PrometheusRule", plural: "prometheusrules" },
  { group: "source.toolkit.fluxcd.io", version: "v1", kind: "OCIRepository", plural: "ocirepositories" },
  { group: "helm.toolkit.fluxcd.io", version: "v2", kind: "HelmRelease", plural: "helmreleases" },
  { group: "kustomize.toolkit.fluxcd.io", version: "v1", kind: "Kustomization", plural: "kustomizations" },
];

/** Other projects' kinds, as far as kubectl needs them to send objects: what is in them is theirs to check. */
const stubs = {
  apiVersion: "v1",
  kind: "List",
  items: otherKinds.map(({ group, version, kind, plural }) => {
    const openAPIV3Schema = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
    return {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: `${plural}.${group}` },
      spec: {
        group,
        scope: "Namespaced",
        names: { kind, plural },
        versions: [{ name: version, served: true, storage: true, schema: { openAPIV3Schema } }],
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

/** Commands of the pages as a reader would paste them; what Helm is asked is tried in test/integration/install. */
const commands = [...pages.filter(({ path }) => /^docs\/(?:guides\/|operations)/.test(path)), ...handbook].flatMap(
  ({ path, text: page }) =>
    codeBlocks(page)
      .filter(({ language, text }) => language === "sh" && !/^helm /m.test(text))
      .map(({ text, line }) => ({ at: `${path}:${line}`, text })),
);

/** A checkout, as far as the commands need one, in which they may leave files. */
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pawl-docs-"));
  for (const name of ["config", "crds"]) symlinkSync(join(root, name), join(folder, name));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function paste(text: string): Promise<string> {
  const { stdout } = await promisify(execFile)("bash", ["-euo", "pipefail", "-c", text], {
    cwd: folder,
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
