import { afterAll, beforeAll, expect, test } from "vitest";
import { exitCodes } from "../../../src/cli/exit-codes.ts";
import type { ApiProxy, Passing } from "../api-proxy.ts";
import { waitFor } from "../cluster.ts";
import { Replicas } from "../failover/replicas.ts";
import { useBench } from "../operator/bench.ts";
import { Judged } from "../operator/judged.ts";
import { deployment, only, policy } from "../operator/objects.ts";
import { Receiver } from "./receiver.ts";
import { grantSecrets, statusOf, subscribe, webhook } from "./subscribed.ts";

const bench = useBench({ operator: false });
const name = "crashes";

let receiver: Receiver;
let replicas: Replicas;

beforeAll(async () => {
  receiver = await Receiver.start();
  await grantSecrets(bench);
  replicas = new Replicas(bench);
  await replicas.start();
  await bench.createNamespace(name);
  await bench.apply(policy(name, { match: { namespaces: { include: [name] } }, rules: only("memory-limit") }));
  await new Judged(bench, name).untilScanned();
  await subscribe(bench, name, {
    sink: webhook(receiver.url),
    filter: { policies: [name] },
    immediate: { wait: "1s", interval: "0s" },
  });
  await settled(["baseline"]);
}, 200_000);

afterAll(async () => {
  await replicas?.[Symbol.asyncDispose]();
  await receiver?.[Symbol.asyncDispose]();
});

/** A moment in the delivery of a message, and what arrives of it in all. */
interface Step {
  readonly when: string;
  /** Resolves when the leader has come to it; from then on nothing it asks of the API server goes on. */
  readonly reached: (proxy: ApiProxy) => Promise<unknown>;
  readonly arrives: readonly string[];
}

const told = "memory-limit +1 -0";

const steps: readonly Step[] = [
  {
    when: "before its intent is stored",
    reached: (proxy) => held(proxy, "before", isIntent),
    arrives: [told],
  },
  {
    when: "after its intent is stored",
    reached: (proxy) => held(proxy, "after", isIntent),
    arrives: [`${told} repeat`],
  },
  {
    when: "while it is being sent",
    reached: () => unanswered(),
    arrives: [told, `${told} repeat`],
  },
  {
    when: "after it was sent and before that is stored",
    reached: (proxy) => held(proxy, "before", isConfirmation),
    arrives: [told, `${told} repeat`],
  },
];

function isStatus({ method, path }: Passing): boolean {
  return method === "PATCH" && path.includes(`/reportsubscriptions/${name}/status`);
}

function isIntent(request: Passing): boolean {
  return isStatus(request) && request.body.includes('"unconfirmed":true');
}

function isConfirmation(request: Passing): boolean {
  return isStatus(request) && request.body.includes('"lastDelivery"');
}

function held(proxy: ApiProxy, when: "before" | "after", isPoint: (request: Passing) => boolean): Promise<Passing> {
  const reached = Promise.withResolvers<Passing>();
  let isHolding = false;
  const hold = (request: Passing) => {
    isHolding = true;
    reached.resolve(request);
  };
  proxy.interference = {
    before: (request) => {
      if (when === "before" && !isHolding && isPoint(request)) hold(request);
      return isHolding ? "lose" : "pass";
    },
    after: async (request) => {
      if (when === "after" && !isHolding && isPoint(request)) hold(request);
      // The answer never comes: the leader is dead before.
      if (isHolding) await new Promise(() => undefined);
    },
  };
  return reached.promise;
}

/** The next message arrives, and is not answered. */
function unanswered(): Promise<void> {
  const reached = Promise.withResolvers<void>();
  const { answer } = receiver;
  receiver.answer = () => {
    receiver.answer = answer;
    reached.resolve();
  };
  return reached.promise;
}

test("a leader that is killed at any step of a delivery loses nothing, and what may have arrived is repeated once", {
  timeout: 500_000,
}, async () => {
  for (const [index, { when, reached, arrives }] of steps.entries()) {
    console.info(`kill -9 ${when}`);
    const before = receiver.told(name).length;
    const { operator, proxy } = replicas.leader;
    const point = reached(proxy);
    await bench.apply(deployment({ name: `worse-${index}`, namespace: name }));
    await point;

    await operator.kill();
    await replicas.succeed("released");

    const all = [...receiver.told(name).slice(0, before), ...arrives];
    await settled(all);
    const own = receiver.of(name).slice(before);
    expect(new Set(own.map(({ message }) => message.id)).size).toBe(1);
  }
});

test("a leader that was frozen right before it sends, and wakes up when another one has sent, does not send", {
  timeout: 200_000,
}, async () => {
  const before = receiver.told(name);
  const { operator, proxy } = replicas.leader;
  const held = heldBeforeSending(proxy);
  await bench.apply(deployment({ name: "worse-while-frozen", namespace: name }));
  await held.reached;

  await operator.signal("SIGSTOP");
  await replicas.succeed("runs out");
  const all = [...before, `${told} repeat`];
  await settled(all);
  held.letGo();
  await operator.signal("SIGCONT");

  expect(await operator.ended).toEqual({ code: exitCodes.incomplete, signal: null });
  await settled(all);
});

/** Holds the answer that tells the leader the signing key: all that it still waits for when its intent is stored. */
function heldBeforeSending(proxy: ApiProxy): { readonly reached: Promise<void>; readonly letGo: () => void } {
  const reached = Promise.withResolvers<void>();
  const gone = Promise.withResolvers<void>();
  let isBegun = false;
  proxy.interference = {
    after: async (request) => {
      if (isIntent(request)) isBegun = true;
      if (!isBegun || !request.path.includes("/secrets/")) return;
      reached.resolve();
      await gone.promise;
    },
  };
  return { reached: reached.promise, letGo: gone.resolve };
}

/** Exactly this was told, and nothing is to be delivered any more. */
async function settled(all: readonly string[]): Promise<void> {
  await waitFor(() => receiver.told(name), {
    describe: `${all.join(", ")} to arrive`,
    until: (found) => found.length >= all.length,
    timeoutMs: 60_000,
  });
  await waitFor(() => statusOf(bench, name), {
    describe: "everything to be confirmed",
    until: ({ pending, lastDelivery }) => pending === undefined && lastDelivery !== undefined,
  });
  expect(receiver.told(name)).toEqual(all);
}
