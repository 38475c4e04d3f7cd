import { afterAll, beforeAll, expect, test } from "vitest";
import { waitFor } from "../cluster.ts";
import { useBench } from "../operator/bench.ts";
import { Judged } from "../operator/judged.ts";
import { container, deployment, only, policy } from "../operator/objects.ts";
import { setScene } from "../operator/scene.ts";
import { Receiver } from "./receiver.ts";
import { conditionsOf, grantSecrets, statusOf, subscribe, subscription, webhook } from "./subscribed.ts";

const bench = useBench();

let receiver: Receiver;

beforeAll(async () => {
  receiver = await Receiver.start();
  await grantSecrets(bench);
});

afterAll(() => receiver?.[Symbol.asyncDispose]());

const quick = { wait: "1s", interval: "0s" };
const limited = [container("app", { memory: "64Mi" })];

async function untilTold(name: string, told: readonly string[]): Promise<void> {
  await waitFor(() => receiver.told(name), {
    describe: `${name} to be told ${told.join(", ")}`,
    until: (found) => found.length >= told.length,
    timeoutMs: 60_000,
  });
  expect(receiver.told(name)).toEqual(told);
}

test("what appears and what is fixed is told, signed, once; what was there before is one report of the baseline", async () => {
  const { namespace } = await setScene(bench, {
    prefix: "told",
    before: (within) => [deployment({ name: "old", namespace: within })],
  });
  await subscribe(bench, namespace, {
    sink: webhook(receiver.url),
    filter: { policies: [namespace] },
    immediate: quick,
  });
  await untilTold(namespace, ["baseline"]);

  await bench.apply(deployment({ name: "worse", namespace }));
  await untilTold(namespace, ["baseline", "memory-limit +1 -0"]);
  await bench.apply(deployment({ name: "old", namespace, containers: limited }));
  await untilTold(namespace, ["baseline", "memory-limit +1 -0", "memory-limit +0 -1"]);

  const [, found] = receiver.of(namespace);
  expect(found?.headers["pawl-signature"]).toMatch(/^t=\d+,v1=[0-9a-f]{64}$/);
  expect(found?.message).toMatchObject({
    kind: "transitions",
    notice: {
      owner: "unowned",
      rule: { id: "memory-limit", severity: "High" },
      added: { shown: [{ namespace, ref: "Deployment.apps/worse", policies: [namespace] }], total: 1 },
    },
  });
  expect(await conditionsOf(bench, namespace)).toEqual(["Ready=True Subscribed"]);
  expect((await statusOf(bench, namespace)).pending).toBeUndefined();
  expect(
    await bench.operator.metric("pawl_notifications_total", { subscription: namespace, outcome: "delivered" }),
  ).toBe(3);
});

test("a rule that is switched on for 1,000 workloads is one message", { timeout: 400_000 }, async () => {
  const { namespace, spec, judged } = await setScene(bench, {
    prefix: "thousand",
    before: (within) =>
      Array.from({ length: 1_000 }, (_, index) =>
        deployment({ name: `w${index}`, namespace: within, containers: limited }),
      ),
  });
  await subscribe(bench, namespace, {
    sink: webhook(receiver.url),
    filter: { policies: [namespace] },
    immediate: quick,
  });
  await untilTold(namespace, ["baseline"]);

  await bench.apply(policy(namespace, { ...spec, rules: only("memory-limit", "cpu-request") }));
  await untilTold(namespace, ["baseline", "adopted cpu-request 1000 in 1"]);
  await judged.scan();
  expect(receiver.told(namespace)).toEqual(["baseline", "adopted cpu-request 1000 in 1"]);
});

test("ten restarts send nothing, and what happens between two of them is told", { timeout: 400_000 }, async () => {
  const { namespace } = await setScene(bench, { prefix: "restarts", before: () => [] });
  await subscribe(bench, namespace, {
    sink: webhook(receiver.url),
    filter: { policies: [namespace] },
    immediate: quick,
  });
  await untilTold(namespace, ["baseline"]);
  await bench.apply(deployment({ name: "worse", namespace }));
  await untilTold(namespace, ["baseline", "memory-limit +1 -0"]);
  await waitFor(() => statusOf(bench, namespace), {
    describe: "the delivery to be confirmed",
    until: ({ pending, lastDelivery }) => pending === undefined && lastDelivery?.kind === "transitions",
  });
  const before = receiver.arrivals.length;

  for (let restart = 1; restart <= 10; restart++) await bench.restart("SIGTERM");
  expect(receiver.arrivals).toHaveLength(before);

  await bench.restart("SIGTERM", () => bench.apply(deployment({ name: "meanwhile", namespace })));
  await untilTold(namespace, ["baseline", "memory-limit +1 -0", "memory-limit +1 -0"]);
});

test("ten messages an hour are sent of 500 transitions, and the digest tells the rest", {
  timeout: 400_000,
}, async () => {
  const prefix = await bench.namespace("flood");
  // Its Baseline is what the namespaces that follow are younger than.
  await bench.createNamespace(`${prefix}-first`);
  await bench.apply(
    policy(prefix, { match: { namespaces: { include: [`${prefix}-*`] } }, rules: only("memory-limit") }),
  );
  const judged = new Judged(bench, prefix);
  await judged.untilScanned();
  await subscribe(bench, prefix, {
    sink: webhook(receiver.url),
    filter: { policies: [prefix] },
    immediate: { wait: "10s", interval: "0s", maxPerHour: 10 },
    digest: { schedule: "@yearly" },
  });
  await judged.untilYounger();
  for (let part = 0; part < 5; part++) {
    await bench.createNamespace(`${prefix}-${part}`);
    await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        bench.apply(
          deployment({ name: `w${index}`, namespace: `${prefix}-${part}`, labels: { team: `team-${index % 25}` } }),
        ),
      ),
    );
  }
  await waitFor(() => judged.status(), {
    describe: "500 violations to be New",
    until: ({ summary }) => summary?.new === 500,
    timeoutMs: 60_000,
  });
  await waitFor(() => statusOf(bench, prefix), {
    describe: "messages to be held back",
    until: ({ heldBack = [], pending }) => heldBack.length > 0 && pending === undefined,
    timeoutMs: 60_000,
  });
  expect(receiver.told(prefix).filter((line) => line.startsWith("memory-limit"))).toHaveLength(10);

  await bench.apply(
    subscription(prefix, {
      sink: webhook(receiver.url),
      filter: { policies: [prefix] },
      immediate: { wait: "10s", interval: "0s", maxPerHour: 10 },
      digest: { schedule: "* * * * *" },
    }),
  );
  const digest = await waitFor(() => receiver.of(prefix).find(({ message }) => message.kind === "digest")?.message, {
    describe: "a digest",
    timeoutMs: 90_000,
  });
  expect(digest).toMatchObject({ kind: "digest", digest: { verdict: { new: 500 }, new: { total: 500 } } });
  expect(digest.kind === "digest" ? digest.digest.overflow : 0).toBeGreaterThan(0);
  expect(receiver.told(prefix).filter((line) => line.startsWith("memory-limit"))).toHaveLength(10);
});
