import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { startIsolatedControlPlane } from "../cluster.ts";
import { useBench } from "../operator/bench.ts";
import { deployment } from "../operator/objects.ts";
import { type Scene, setScene } from "../operator/scene.ts";
import { runPawl } from "./run-pawl.ts";

const bench = useBench();
const uninstall = (...args: readonly string[]) => runPawl("uninstall", bench.plane.kubeconfig, ...args);

/** `ScanReport shop/production`, as the command shows them. */
async function stored(plural: string): Promise<readonly string[]> {
  const { stdout } = await bench.kubectl(["get", `${plural}.pawl.dev`, "-A", "-o", "json"]);
  const { items } = JSON.parse(stdout) as {
    readonly items: readonly { readonly kind: string; readonly metadata: Record<string, string> }[];
  };
  return items.map(({ kind, metadata: { namespace, name } }) =>
    namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`,
  );
}

const linesOf = (text: string) => text.split("\n").filter((line) => line !== "");

// The tests of this block are steps of one life: each goes on where the one before it ended.
describe("what an operator has made", () => {
  let scene: Scene;
  let reports: readonly string[];
  let baselines: readonly string[];

  beforeAll(async () => {
    scene = await setScene(bench, {
      prefix: "uninstall",
      before: (namespace) => [deployment({ name: "cart", namespace })],
    });
    reports = await stored("scanreports");
    baselines = await stored("baselines");
  });

  test("is listed while it works, and not deleted with --yes either", async () => {
    expect([reports, baselines]).toEqual([
      [`ScanReport ${scene.namespace}/${scene.namespace}`],
      [expect.stringMatching(/^Baseline /)],
    ]);
    const listed = await uninstall();
    const refused = await uninstall("--yes");

    expect(listed.code).toBe(0);
    expect(linesOf(listed.stdout)).toEqual([...reports, "Lease pawl-system/pawl-operator"]);
    expect(listed.stderr).toContain("2 objects would be deleted; nothing was");
    expect(listed.stderr).toContain(`--yes will be refused as long as an operator runs: ${bench.operator.name} holds`);
    expect(refused).toMatchObject({
      code: 3,
      stdout: "",
      stderr: expect.stringMatching(/^pawl uninstall: an operator runs, .*remove it first, as by 'helm uninstall pawl/),
    });
    expect(await stored("scanreports")).toEqual(reports);
  });

  test("may be listed and deleted with just the rights that the command asks for", async () => {
    await bench.operator.stop();
    await bench.kubectl(["create", "serviceaccount", "cleaner"]);
    const kubeconfig = await bench.plane.kubeconfigFor({ namespace: "default", serviceAccount: "cleaner" });
    const asAccount = (...args: readonly string[]) => runPawl("uninstall", kubeconfig, ...args);

    const noList = await asAccount();
    expect([noList.code, noList.stderr]).toEqual([3, expect.stringContaining("you may not list ")]);
    await grant(noList.stderr, "clusterrole");
    const noLease = await asAccount();
    expect(noLease.stderr).toContain("you may not get leases.coordination.k8s.io: ");
    await grant(noLease.stderr, "role");
    expect(await asAccount()).toMatchObject({ code: 0, stdout: expect.stringContaining(reports.join()) });
  });

  test("goes with --yes once the operator is gone, but for the Baselines and what people made", async () => {
    const { code, stdout, stderr } = await uninstall("--yes");

    expect([code, linesOf(stdout)]).toEqual([0, [...reports, "Lease pawl-system/pawl-operator"]]);
    expect(linesOf(stderr)).toEqual([
      "pawl uninstall: deleted 2 objects",
      "pawl uninstall: 1 Baseline stays; --baselines takes them too",
    ]);
    expect(await stored("scanreports")).toEqual([]);
    expect(await stored("baselines")).toEqual(baselines);
    expect(await stored("policies")).toEqual([`Policy ${scene.namespace}`]);
  });

  test("goes to the last with --baselines, and then nothing is left to delete", async () => {
    const { stdout } = await uninstall("--yes", "--baselines");
    const again = await uninstall("--yes", "--baselines");

    expect(linesOf(stdout)).toEqual(baselines);
    expect(await stored("baselines")).toEqual([]);
    expect(await stored("policies")).toEqual([`Policy ${scene.namespace}`]);
    expect(again).toMatchObject({ code: 0, stdout: "" });
    expect(again.stderr).toContain("there was nothing to delete");
  });
});

test("a Lease that nobody renews stands in nobody's way", async () => {
  await bench.request("POST", "/apis/coordination.k8s.io/v1/namespaces/pawl-system/leases", {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { namespace: "pawl-system", name: "dead" },
    spec: { holderIdentity: "killed", leaseDurationSeconds: 1, renewTime: "2026-01-01T00:00:00.000000Z" },
  });

  expect(await uninstall("--lease-name", "dead", "--yes")).toMatchObject({
    code: 0,
    stdout: "Lease pawl-system/dead\n",
  });
});

test("where Pawl was never installed nothing is to be done, and where nobody answers that is said", async () => {
  const plane = await startIsolatedControlPlane({});
  const folder = mkdtempSync(join(tmpdir(), "pawl-uninstall-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const kubeconfig = join(folder, "kubeconfig");
  copyFileSync(plane.kubeconfig, kubeconfig);
  const bare = await runPawl("uninstall", kubeconfig, "--yes", "--baselines");
  await plane.dispose();
  const gone = await runPawl("uninstall", kubeconfig);

  expect(bare).toMatchObject({ code: 0, stdout: "", stderr: expect.stringContaining("there was nothing to delete") });
  expect(gone).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(/^pawl uninstall: the cluster at https:\S+ does not answer/),
  });
});

/** Does what the error asks for: the role that it spells out, and a binding of the account to that. */
async function grant(stderr: string, kind: "role" | "clusterrole"): Promise<void> {
  const [, line = ""] = new RegExp(`'kubectl (create ${kind} [^']+)'`).exec(stderr) ?? [];
  await bench.kubectl(line.split(" "));
  const within = kind === "role" ? ["-n", "pawl-system"] : [];
  const binding = [
    "create",
    `${kind}binding`,
    "cleaner",
    `--${kind}=pawl-uninstall`,
    "--serviceaccount=default:cleaner",
  ];
  await bench.kubectl([...binding, ...within]);
}
