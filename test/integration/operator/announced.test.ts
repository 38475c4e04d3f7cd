import { describe, expect, test } from "vitest";
import { useBench } from "./bench.ts";
import { container, deployment } from "./objects.ts";
import { setScene } from "./scene.ts";

const burst = 56;

describe.concurrent("what an operator announces", () => {
  const bench = useBench({ audit: true });

  test("LEDGER 8: beyond 50 Events a minute, one EventsSuppressed on the Policy says how many", {
    timeout: 240_000,
  }, async () => {
    const { namespace, judged } = await setScene(bench, { prefix: "burst", before: () => [] });
    const names = Array.from({ length: burst }, (_, index) => `worse-${index}`);
    for (const name of names) await bench.apply(deployment({ name, namespace, replicas: 0 }));
    await judged.untilCounts(namespace, { new: burst, known: 0 }, { timeoutMs: 60_000 });

    const [told = ""] = await judged.until(() => judged.news("EventsSuppressed"), {
      describe: "the Event about those held back",
      until: (news) => news.length > 0,
      timeoutMs: 120_000,
    });

    const held = Number(/(\d+) Events were held back/.exec(told)?.[1]);
    const sent = await judged.events(namespace, "ViolationFound");
    expect(sent.length + held).toBe(burst);
    expect(sent.length).toBeLessThanOrEqual(50);
  });

  test("LEDGER 8: a namespace being deleted gets no Event, and its report no write", async () => {
    const { namespace, judged } = await setScene(bench, {
      prefix: "ending",
      before: (namespace) => [
        deployment({ name: "web", namespace, containers: [container("app")] }),
        {
          apiVersion: "v1",
          kind: "ConfigMap",
          metadata: { name: "held", namespace, finalizers: ["example.com/held"] },
        },
      ],
    });
    await bench.kubectl(["delete", "namespace", namespace, "--wait=false"]);
    await judged.until(() => bench.kubectl(["get", "deployments", "--namespace", namespace, "--output=name"]), {
      describe: "a namespace that is being emptied",
      until: ({ stdout }) => stdout.trim() === "",
    });
    const before = bench.audited().length;
    await judged.scan();

    const written = bench
      .audited()
      .slice(before)
      .filter(({ verb, objectRef }) => objectRef?.namespace === namespace && !["get", "list", "watch"].includes(verb));
    expect(written).toEqual([]);
    expect(await judged.events(namespace)).toEqual([]);
    const release = ["patch", "configmap", "held", "--namespace", namespace, "--type=merge"];
    await bench.kubectl([...release, `--patch=${JSON.stringify({ metadata: { finalizers: null } })}`]);
  });
});
