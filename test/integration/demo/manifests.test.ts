import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadAll } from "js-yaml";
import { beforeAll, describe, expect, test } from "vitest";
import { manifests } from "../../../tools/demo/manifests.ts";
import { kubectl, withNamespace } from "../cluster.ts";

const root = join(import.meta.dirname, "..", "..", "..");

interface Manifest {
  readonly metadata: { readonly namespace?: string };
}

/** The objects of one file, moved to the namespace of the test. */
function objectsOf(file: string, namespace: string): readonly object[] {
  const objects = loadAll(readFileSync(join(root, file), "utf8")) as Manifest[];
  return objects.map((object) =>
    object.metadata.namespace === undefined ? object : { ...object, metadata: { ...object.metadata, namespace } },
  );
}

const dryRun = ["apply", "--server-side", "--dry-run=server", "--field-manager=pawl-test", "-f", "-"];

describe("the demo's manifests", () => {
  beforeAll(async () => {
    await kubectl(["apply", "--server-side", "-f", join(root, "crds")]);
    await kubectl(["wait", "--for=condition=Established", "crd", "--all", "--timeout=60s"]);
  });

  test.each(Object.values(manifests))("%s is what the API server accepts, without a warning", async (file) => {
    await withNamespace(async (namespace) => {
      const { stdout, stderr } = await kubectl(dryRun, { input: objectsOf(file, namespace) });
      expect(stdout.trim().split("\n")).toHaveLength(objectsOf(file, namespace).length);
      expect(stderr).toBe("");
    });
  });

  test("what is in good order meets the restricted Pod Security Standard", async () => {
    await withNamespace(
      async (namespace) => {
        const { stderr } = await kubectl(dryRun, { input: objectsOf(manifests.payments, namespace) });
        expect(stderr).toBe("");
      },
      { labels: { "pod-security.kubernetes.io/warn": "restricted" } },
    );
  });

  test("what is broken would not get past the baseline Pod Security Standard", async () => {
    await withNamespace(
      async (namespace) => {
        const { stderr } = await kubectl(dryRun, { input: objectsOf(manifests.legacy, namespace) });
        expect(stderr).toContain("would violate PodSecurity");
      },
      { labels: { "pod-security.kubernetes.io/warn": "baseline" } },
    );
  });
});
