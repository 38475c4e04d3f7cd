import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { KubeClient } from "../../src/kube/client.ts";
import type { HttpTransport } from "../../src/kube/transport.ts";
import { FakeApiServer, isWatch, refuse, times } from "./fake-api-server.ts";
import { clientOver, converged, RecordingConsumer, reflect, transportTo, until } from "./fake-cluster.ts";

let server: FakeApiServer;
let transport: HttpTransport;
let client: KubeClient;
let consumer: RecordingConsumer;

beforeEach(async () => {
  server = await FakeApiServer.start();
  transport = transportTo(server.url);
  client = clientOver(transport);
  consumer = new RecordingConsumer();
  for (const name of ["anchor", "bollard", "capstan"]) server.put(name);
});

afterEach(async () => {
  await transport.close();
  await server.close();
});

const watches = (): number => server.requests.filter(isWatch).length;

describe("a reflector", () => {
  it("lists by one watch and follows it", async () => {
    await using running = reflect(client, consumer);
    await converged(server, consumer);
    server.put("davit");
    server.put("anchor", { changed: true });
    server.remove("bollard");
    await converged(server, consumer);
    expect(server.requests).toHaveLength(1);
    expect(running.reflector.status).toMatchObject({ synced: true, stale: null, objects: 3 });
    expect(consumer.calls.slice(0, 4)).toEqual([
      "upsert anchor initial",
      "upsert bollard initial",
      "upsert capstan initial",
      "synced first 3",
    ]);
  });

  it("gives objects their kind and API version", async () => {
    await using _ = reflect(client, consumer);
    await converged(server, consumer);
    expect(consumer.objects.get("shop/anchor")).toMatchObject({ apiVersion: "fake.example/v1", kind: "Widget" });
  });

  it("resumes where the server ended the watch in order, and is not stale meanwhile", async () => {
    await using running = reflect(client, consumer, { clock: patientClock() });
    await converged(server, consumer);
    server.endWatches();
    await until(() => watches() === 2);
    server.put("davit");
    await converged(server, consumer);
    expect(server.requests.map((seen) => seen.query.get("resourceVersion"))).toEqual([null, "103"]);
    expect(consumer.stales).toEqual([]);
    expect(running.restarts).toEqual(["timeout"]);
  });
});

describe("a reflector recovers when", () => {
  it("an object was deleted and made anew unseen", async () => {
    await using _ = reflect(client, consumer);
    await converged(server, consumer);
    server.silent = true;
    server.remove("anchor");
    server.put("anchor");
    server.silent = false;
    server.compact();
    server.cutWatches();
    await converged(server, consumer, 2);
    expect(consumer.calls.slice(-5)).toContain("delete anchor uid-1");
  });

  it("the server asks to wait", async () => {
    const waits: number[] = [];
    const clock = { ...patientClock(), after: recordingTimer(waits) };
    server.faults.push(
      times(1, isWatch, (_, response) => void refuse(response, 429, "TooManyRequests", "wait", { "retry-after": "1" })),
    );
    await using running = reflect(client, consumer, { clock });
    await converged(server, consumer);
    expect(running.restarts).toEqual(["throttled"]);
    expect(waits).toContain(1000);
  });

  it("the consumer throws", async () => {
    let failures = 1;
    const upsert = consumer.onUpsert.bind(consumer);
    consumer.onUpsert = async (object, context) => {
      if (!context.initial && failures-- > 0) throw new Error("out of paper");
      await upsert(object, context);
    };
    await using _ = reflect(client, consumer);
    await converged(server, consumer);
    server.put("davit");
    await converged(server, consumer, 2);
    expect(consumer.passes.map(({ pass }) => pass)).toEqual(["first", "resync"]);
  });
});

/** The system's clock, on which every watch has already lasted long enough. */
function patientClock() {
  let asked = 0;
  return {
    now: () => Date.now(),
    monotonic: () => performance.now() + 10_000 * asked++,
    after: (ms: number, task: () => void) => {
      const timer = setTimeout(task, ms);
      return () => clearTimeout(timer);
    },
  };
}

function recordingTimer(waits: number[]) {
  return (ms: number, task: () => void) => {
    waits.push(ms);
    const timer = setTimeout(task, Math.min(ms, 10));
    return () => clearTimeout(timer);
  };
}
