import { describe, expect, it } from "vitest";
import { type Uninstalled, type UninstallQuery, uninstallCommand } from "../../src/cli/commands/uninstall.ts";
import { type Outcome, runPawl } from "./run-pawl.ts";

const made = [
  { kind: "ClusterScanReport", namespace: "", name: "production" },
  { kind: "ScanReport", namespace: "shop", name: "production" },
];

interface Run extends Outcome {
  readonly query: UninstallQuery | undefined;
}

interface Cluster extends Partial<Uninstalled> {
  readonly env?: Readonly<Record<string, string>>;
  readonly objects?: typeof made;
}

async function runUninstall(args: readonly string[], cluster: Cluster = {}): Promise<Run> {
  let query: UninstallQuery | undefined;
  const { env = {}, objects = made, keptBaselines = 0, lease = { state: "free" } } = cluster;
  const command = uninstallCommand({
    env,
    signal: new AbortController().signal,
    uninstall: async (asked, each) => {
      query = asked;
      objects.forEach(each);
      return { keptBaselines, lease };
    },
  });
  return { ...(await runPawl(["uninstall", ...args], {}, [command])), query };
}

describe("pawl uninstall", () => {
  it("lists without --yes what it would delete, and says that nothing was", async () => {
    expect(await runUninstall([])).toMatchObject({
      exitCode: 0,
      stdout: "ClusterScanReport production\nScanReport shop/production\n",
      stderr: "pawl uninstall: 2 objects would be deleted; nothing was, for want of --yes\n",
      query: { dryRun: true, baselines: false, namespace: "pawl-system", leaseName: "pawl-operator" },
    });
  });

  it("deletes with --yes, and says which Baselines stay and how they go", async () => {
    expect(await runUninstall(["--yes"], { keptBaselines: 1 })).toMatchObject({
      exitCode: 0,
      stdout: "ClusterScanReport production\nScanReport shop/production\n",
      stderr: "pawl uninstall: deleted 2 objects\npawl uninstall: 1 Baseline stays; --baselines takes them too\n",
      query: { dryRun: false, baselines: false },
    });
  });

  it("asks for Baselines where they are to go", async () => {
    const { query } = await runUninstall(["--yes", "--baselines"]);

    expect(query).toMatchObject({ dryRun: false, baselines: true });
  });

  it.each([
    [[], "nothing to delete"],
    [["--yes"], "there was nothing to delete"],
  ])("says with %j that nothing is there", async (args, message) => {
    const outcome = await runUninstall(args, { objects: [] });

    expect(outcome).toMatchObject({ exitCode: 0, stdout: "", stderr: `pawl uninstall: ${message}\n` });
  });

  it("warns in a dry run that it will be refused while an operator runs", async () => {
    const { stderr } = await runUninstall([], { lease: { state: "held", holder: "pawl-7d9f-x" } });

    expect(stderr).toContain(
      "pawl uninstall: --yes will be refused as long as an operator runs: pawl-7d9f-x holds Lease pawl-system/pawl-operator\n",
    );
  });

  it("says where it has looked for the Lease if there is none", async () => {
    const { stderr } = await runUninstall(["--namespace", "tools"], { lease: { state: "absent" } });

    expect(stderr).toContain(
      "there is no Lease tools/pawl-operator: if the operator was installed elsewhere, name that with --namespace\n",
    );
  });

  it("takes the operator's own variables", async () => {
    const env = {
      PAWL_NAMESPACE: "tools",
      PAWL_LEASE_NAME: "other",
      PAWL_KUBECONFIG: "/etc/pawl/kubeconfig",
      PAWL_LOG_LEVEL: "loud",
      KUBECONFIG: "a:b",
    };
    const { query } = await runUninstall(["--context", "prod"], { env });

    expect(query).toMatchObject({
      namespace: "tools",
      leaseName: "other",
      kubeconfig: "/etc/pawl/kubeconfig",
      context: "prod",
    });
  });

  it("tells a wrong namespace in one line, and does nothing", async () => {
    expect(await runUninstall(["--namespace", "Tools"])).toEqual({
      exitCode: 2,
      stdout: "",
      stderr:
        "pawl uninstall: --namespace is \"Tools\", but must be the name of a namespace; run 'pawl uninstall --help' for help\n",
      query: undefined,
    });
  });
});
