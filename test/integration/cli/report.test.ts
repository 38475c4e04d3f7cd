import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { DigestDocument } from "../../../src/formats/digest.ts";
import { startIsolatedControlPlane } from "../cluster.ts";
import { useBench } from "../operator/bench.ts";
import { container, deployment, only } from "../operator/objects.ts";
import { type Scene, setScene } from "../operator/scene.ts";
import { runPawl } from "./run-pawl.ts";

const report = (kubeconfig: string, ...args: readonly string[]) => runPawl("report", kubeconfig, ...args);

const bench = useBench();

describe("of a cluster in which an operator works", () => {
  let scene: Scene;

  beforeAll(async () => {
    scene = await setScene(bench, {
      prefix: "report",
      rules: only("memory-limit", "priority-class"),
      before: (namespace) => [
        deployment({ name: "cart", namespace, labels: { team: "payments" } }),
        deployment({ name: "search", namespace, labels: { team: "search" } }),
      ],
    });
    const { namespace, judged } = scene;
    const fixed = [container("app", { memory: "64Mi" })];
    await bench.apply(deployment({ name: "cart", namespace, labels: { team: "payments" }, containers: fixed }));
    await judged.untilCounts(namespace, { new: 0, known: 3, fixed: 1 });
    await bench.apply(deployment({ name: "checkout", namespace, labels: { team: "payments" } }));
    await judged.untilCounts(namespace, { new: 2, known: 3, fixed: 1 });
  }, 120_000);

  test("tells what is new, what is fixed and by whom, and how it stands", async () => {
    const { code, stdout, stderr } = await report(bench.plane.kubeconfig, "--cluster-name", "blue", "-o", "json");

    expect([stderr, code]).toEqual(["", 0]);
    const digest = DigestDocument.parse(JSON.parse(stdout));
    expect(digest).toMatchObject({
      cluster: "blue",
      verdict: { new: 2, fixed: 1, open: 5, openNew: 2, critical: 0, gradeAfter: "C" },
      scope: { policies: [scene.namespace], namespaces: 1, resources: 3 },
      new: { shown: [{ ref: "Deployment.apps/checkout", owner: "payments" }, { ref: "Deployment.apps/checkout" }] },
      fixed: { credit: { shown: [{ owner: "payments", fixed: 1 }], total: 1 } },
      offenders: { by: "owner", byNew: [{ name: "payments", new: 2, open: 3 }] },
      health: { unowned: 0, missingParts: 0 },
    });
  });

  test("prints text, and only of what is asked for", async () => {
    const { stdout } = await report(bench.plane.kubeconfig, "--owner", "search", "--min-severity", "High");

    expect(stdout).toContain("kubernetes: 0 new, 0 fixed\n");
    expect(stdout).toContain("Selected: owners search; severity High and worse.");
  });

  test("says to somebody without rights which rights to ask for", async () => {
    await bench.kubectl(["create", "serviceaccount", "nobody"]);
    const kubeconfig = await bench.plane.kubeconfigFor({ namespace: "default", serviceAccount: "nobody" });

    expect(await report(kubeconfig)).toMatchObject({
      code: 3,
      stdout: "",
      stderr: expect.stringMatching(
        /^pawl report: you may not read Pawl's reports in the cluster at https:\S+: ask for 'kubectl create clusterrole pawl-reports --verb=get,list --resource=policies\.pawl\.dev,scanreports\.pawl\.dev,/,
      ),
    });
  });

  test("can be printed with the rights that it asks for", async () => {
    const user = { namespace: "default", serviceAccount: "reader" };
    await bench.kubectl(["create", "serviceaccount", "reader"]);
    const refused = await report(await bench.plane.kubeconfigFor(user));
    const [, line = ""] = /'kubectl (create clusterrole [^']+)'/.exec(refused.stderr) ?? [];
    await bench.kubectl(line.split(" "));
    await bench.kubectl([
      "create",
      "clusterrolebinding",
      "reader",
      "--clusterrole=pawl-reports",
      "--serviceaccount=default:reader",
    ]);

    expect(await report(await bench.plane.kubeconfigFor(user))).toMatchObject({ code: 0, stderr: "" });
  });

  describe("previews", () => {
    beforeAll(async () => {
      await bench.apply({
        apiVersion: "pawl.dev/v1alpha1",
        kind: "ReportSubscription",
        metadata: { name: "monday" },
        spec: {
          sink: {
            slack: {
              secretRef: { name: "slack" },
              channel: "#platform",
              routes: [{ owner: "payments", channel: "#payments" }],
            },
          },
          filter: { minimumSeverity: "High" },
          digest: { schedule: "0 9 * * 1", timeZone: "Europe/Berlin" },
        },
      });
    });

    test("what a subscription would send, channel by channel, and says to whom and when", async () => {
      const { code, stdout, stderr } = await report(bench.plane.kubeconfig, "--preview", "monday", "--since", "1d");

      expect(code).toBe(0);
      expect(stderr).toMatch(/^To #platform in Slack; .+\.\nTo #payments in Slack; .+\.\n$/);
      const [platform = "", payments = ""] = stdout.split(/(?=^kubernetes: )/m);
      expect(platform).toContain("Selected: all owners but payments; severity High and worse.");
      expect(platform).not.toContain("Deployment.apps/checkout");
      expect(payments).toContain("Deployment.apps/checkout");
      expect(payments).toContain("(Europe/Berlin)");
      expect(payments).toContain("Less of this: kubectl edit reportsubscription monday");
    });

    test("nothing for a subscription that is not there", async () => {
      expect(await report(bench.plane.kubeconfig, "--preview", "tuesday")).toMatchObject({
        code: 3,
        stdout: "",
        stderr: expect.stringMatching(
          /^pawl report: there is no ReportSubscription tuesday: 'kubectl get reportsubscriptions'/,
        ),
      });
    });
  });

  test("says that no policy is there where none is selected", async () => {
    expect(await report(bench.plane.kubeconfig, "--policy", "other")).toMatchObject({
      code: 3,
      stdout: expect.stringContaining("kubernetes: no policy was found"),
      stderr: "pawl report: incomplete: no policy was found\n",
    });
  });
});

test("says that Pawl is not installed, and then that nobody answers", { timeout: 120_000 }, async () => {
  const plane = await startIsolatedControlPlane({});
  const folder = mkdtempSync(join(tmpdir(), "pawl-report-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const kubeconfig = join(folder, "kubeconfig");
  copyFileSync(plane.kubeconfig, kubeconfig);
  const bare = await report(kubeconfig);
  await plane.dispose();
  const gone = await report(kubeconfig);

  expect(gone).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(
      /the cluster at https:\S+ does not answer: check the context, the network and the proxy/,
    ),
  });
  expect(bare).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(
      /does not know Pawl's kinds: install them with 'kubectl apply --server-side -f crds\/'/,
    ),
  });
});

test("names a context that is not there", async () => {
  const { code, stderr } = await report(bench.plane.kubeconfig, "--context", "nowhere");

  expect([code, stderr]).toEqual([3, expect.stringContaining('there is no context "nowhere"')]);
});
