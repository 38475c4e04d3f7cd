import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Condition } from "../../../src/api/conditions.ts";
import { waitFor } from "../cluster.ts";
import { useBench } from "../operator/bench.ts";
import { Judged } from "../operator/judged.ts";
import { only, policy } from "../operator/objects.ts";
import { Receiver } from "./receiver.ts";
import { grantSecrets, secret, statusOf, subscription, webhook } from "./subscribed.ts";

/** As Slack answers `chat.postMessage`: 200 in any case. */
let answer: object = { ok: true, ts: "1" };
const slack = createServer((request, response) => {
  request.resume();
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
});

const flags: string[] = [];
let receiver: Receiver;

beforeAll(async () => {
  slack.listen(0, "127.0.0.1");
  await once(slack, "listening");
  flags.push(`--slack-api-url=http://127.0.0.1:${(slack.address() as AddressInfo).port}/api`);
  receiver = await Receiver.start();
});

const bench = useBench({ flags });

beforeAll(async () => {
  await grantSecrets(bench);
  await bench.createNamespace("judged");
  await bench.apply(policy("judged", { match: { namespaces: { include: ["judged"] } }, rules: only("memory-limit") }));
  await new Judged(bench, "judged").untilScanned();
});

afterAll(async () => {
  slack.closeAllConnections();
  slack.close();
  await receiver?.[Symbol.asyncDispose]();
});

const digest = { schedule: "@yearly" };

/** Waits for Ready to have that reason; the message. */
async function untilReady(name: string, status: Condition["status"], reason: string): Promise<string> {
  const { conditions = [] } = await waitFor(() => statusOf(bench, name), {
    describe: `${name} to be Ready=${status} ${reason}`,
    until: (found) =>
      found.conditions?.some((one) => one.type === "Ready" && one.status === status && one.reason === reason) === true,
    timeoutMs: 60_000,
  });
  const [ready, stalled] = ["Ready", "Stalled"].map((type) => conditions.find((one) => one.type === type));
  expect(stalled?.reason).toBe(status === "False" ? reason : undefined);
  return ready?.message ?? "";
}

interface StoredEvent {
  readonly metadata: { readonly name: string };
  readonly reason: string;
  readonly note: string;
  readonly regarding: { readonly name: string };
}

async function eventsAbout(name: string): Promise<readonly StoredEvent[]> {
  const path = "/apis/events.k8s.io/v1/namespaces/default/events";
  const { items } = await bench.request<{ items: readonly StoredEvent[] }>("GET", path);
  return items.filter(({ regarding }) => regarding.name === name);
}

describe("credentials", () => {
  test("that do not exist are named, and looked for again", async () => {
    await bench.apply(
      subscription("absent", { sink: { slack: { secretRef: { name: "pawl-slack" }, channel: "#a" } }, digest }),
    );
    expect(await untilReady("absent", "False", "SecretNotFound")).toBe(
      "spec.sink.slack.secretRef.name: there is no Secret pawl-system/pawl-slack: create it",
    );

    answer = { ok: true, ts: "1" };
    await bench.apply(secret("pawl-slack", { token: "xoxb-marked-token-1" }));
    await untilReady("absent", "True", "Subscribed");
    await waitFor(() => statusOf(bench, "absent"), {
      describe: "the report of the baseline to be delivered",
      until: ({ lastDelivery }) => lastDelivery?.kind === "baseline",
      timeoutMs: 90_000,
    });
  });

  test("that may not be read are granted by the very lines that the condition holds", async () => {
    await bench.apply(secret("elsewhere", { signingKey: "a-signing-key-of-some-length" }));
    await bench.apply(
      subscription("forbidden", { sink: { webhook: { secretRef: { name: "elsewhere" }, url: receiver.url } }, digest }),
    );
    const message = await untilReady("forbidden", "False", "SecretNotReadable");
    expect(message).toBe(
      "spec.sink.webhook.secretRef.name: the operator may not read Secret pawl-system/elsewhere. Run: kubectl create role pawl-report-secret-elsewhere -n pawl-system --verb=get --resource=secrets --resource-name=elsewhere && kubectl create rolebinding pawl-report-secret-elsewhere -n pawl-system --role=pawl-report-secret-elsewhere --serviceaccount=pawl-system:pawl",
    );

    for (const line of message.slice(message.indexOf("kubectl")).split(" && "))
      await bench.kubectl(line.split(" ").slice(1));
    await untilReady("forbidden", "True", "Subscribed");
  });

  test("that lack a key are named with what to add", async () => {
    await bench.apply(secret("pawl-smtp", { other: "a" }));
    await bench.apply(
      subscription("lacking", { sink: { webhook: { secretRef: { name: "pawl-smtp" }, url: receiver.url } }, digest }),
    );
    expect(await untilReady("lacking", "False", "MissingKey")).toBe(
      "spec.sink.webhook.secretRef.name: Secret pawl-system/pawl-smtp lacks the key signingKey: add at least 16 random characters",
    );
  });
});

describe.each([
  ["channel_not_found", "UnknownChannel", "spec.sink.slack.channel"],
  ["token_expired", "Unauthorized", 'Secret key "token"'],
])("a receiver that answers %s", (error, reason, field) => {
  test(`stalls the subscription as ${reason}, names ${field}, is told once and never shows the token`, async () => {
    const name = error.replaceAll("_", "-");
    answer = { ok: false, error };
    await bench.apply(secret("pawl-slack", { token: "xoxb-marked-token-2" }));
    await bench.apply(
      subscription(name, {
        sink: { slack: { secretRef: { name: "pawl-slack" }, channel: "#nowhere" } },
        filter: { policies: ["judged"] },
        digest,
      }),
    );
    expect(await untilReady(name, "False", reason)).toContain(field);
    const own = await waitFor(() => eventsAbout(name), {
      describe: "an Event on the subscription",
      until: (found) => found.length > 0,
    });
    expect(own.map((event) => event.reason)).toEqual(["DeliveryFailed"]);
    expect(await bench.operator.metric("pawl_notifications_total", { subscription: name, outcome: "failed" })).toBe(1);
    expect(JSON.stringify([await statusOf(bench, name), own, bench.operator.log()])).not.toContain("marked-token");
  });
});

test("a failure that a leader has stored, but ended before it sent the Event, is told by the next", async () => {
  const name = "untold";
  answer = { ok: false, error: "channel_not_found" };
  await bench.apply(secret("pawl-slack", { token: "xoxb-marked-token-3" }));
  await bench.apply(
    subscription(name, {
      sink: { slack: { secretRef: { name: "pawl-slack" }, channel: "#nowhere" } },
      filter: { policies: ["judged"] },
      digest,
    }),
  );
  await untilReady(name, "False", "UnknownChannel");
  const told = { describe: "an Event on the subscription", until: (found: readonly unknown[]) => found.length > 0 };
  const before = await waitFor(() => eventsAbout(name), told);
  await bench.restart("SIGTERM", () =>
    bench.kubectl(["delete", "events", "-n", "default", "--field-selector", `involvedObject.name=${name}`]),
  );
  const after = await waitFor(() => eventsAbout(name), told);
  expect(after.map(({ metadata }) => metadata.name)).toEqual(before.map(({ metadata }) => metadata.name));
});

test("a spec that the API server cannot judge is refused by field, and nothing is sent", async () => {
  await bench.apply(subscription("never", { sink: webhook(receiver.url), digest: { schedule: "0 0 30 2 *" } }));
  expect(await untilReady("never", "False", "InvalidSpec")).toContain("spec.digest.schedule: never due");
  expect(receiver.told("never")).toEqual([]);
});
