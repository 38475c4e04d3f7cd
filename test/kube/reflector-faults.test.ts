import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { KubeClient } from "../../src/kube/client.ts";
import type { HttpTransport } from "../../src/kube/transport.ts";
import { FakeApiServer, isResume, isWatch, refuse, times } from "./fake-api-server.ts";
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
  it("the connection is cut inside an object", async () => {
    await using running = reflect(client, consumer);
    await converged(server, consumer);
    server.faults.push(times(1, isResume, (_, response) => void response.destroy()));
    server.cutWatches('{"type":"ADDED","object":{"metadata":{"name":"dav');
    server.put("davit");
    server.remove("anchor");
    await converged(server, consumer);
    expect(consumer.stales.map(({ reason }) => reason)).toContain("error");
    expect(running.restarts).toEqual(["error", "error"]);
  });

  it("the watch goes silent", async () => {
    await using running = reflect(client, consumer, { timing: { silenceMs: 100 } });
    await converged(server, consumer);
    server.silent = true;
    server.put("davit");
    server.silent = false;
    await converged(server, consumer);
    expect(running.restarts[0]).toBe("silent");
    expect(consumer.stales).toEqual([]);
  });

  it("the watch goes silent and the server answers nobody", async () => {
    await using _ = reflect(client, consumer, { timing: { silenceMs: 100 } });
    await converged(server, consumer);
    const before = Date.now();
    server.faults.push(
      times(
        2,
        () => true,
        (_, response) => void response.destroy(),
      ),
    );
    server.silent = true;
    server.put("davit");
    await until(() => consumer.stale?.reason === "silent");
    expect(consumer.stale?.since).toBeLessThanOrEqual(before);
    server.silent = false;
    await converged(server, consumer);
  });

  it("history expired, also where that hides a deletion", async () => {
    await using running = reflect(client, consumer);
    await converged(server, consumer);
    server.silent = true;
    server.remove("anchor");
    server.put("davit");
    server.compact();
    server.silent = false;
    server.sendLine('{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old"}}');
    await converged(server, consumer, 2);
    expect(consumer.calls).toContain("delete anchor uid-1");
    expect(consumer.passes.map(({ pass }) => pass)).toEqual(["first", "resync"]);
    expect(running.restarts).toEqual(["expired"]);
    expect(server.requests).toHaveLength(2);
  });

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

  it("the server fails for a while", async () => {
    server.faults.push(
      times(
        6,
        () => true,
        (_, response) => void refuse(response, 503, "ServiceUnavailable"),
      ),
    );
    await using _ = reflect(client, consumer);
    await converged(server, consumer);
    expect(server.requests.length).toBeLessThanOrEqual(8);
    expect(consumer.stales.every(({ reason }) => reason === "error")).toBe(true);
  });

  it("the server refuses to resume again and again", async () => {
    await using _ = reflect(client, consumer);
    await converged(server, consumer);
    server.faults.push(times(10, isResume, (_, response) => void refuse(response, 500, "InternalError")));
    server.cutWatches();
    server.put("davit");
    await converged(server, consumer, 2);
    expect(server.requests.filter(isResume)).toHaveLength(3);
  });

  it("an event is no JSON", async () => {
    await using running = reflect(client, consumer);
    await converged(server, consumer);
    server.sendLine('{"type":"ADDED","object":');
    await until(() => watches() === 2);
    server.put("davit");
    await converged(server, consumer);
    expect(running.restarts).toEqual(["error"]);
  });

  it("an event is of a type that nobody knows", async () => {
    await using running = reflect(client, consumer);
    await converged(server, consumer);
    server.sendLine('{"type":"RENAMED","object":{"metadata":{"name":"anchor"}}}');
    await until(() => watches() === 2);
    await converged(server, consumer);
    expect(running.restarts).toEqual(["error"]);
  });

  it("a watch is answered with another content type", async () => {
    server.faults.push(
      times(1, isWatch, (_, response) => {
        response.writeHead(200, { "content-type": "text/html" }).end("<html>please log in</html>");
      }),
    );
    await using _ = reflect(client, consumer);
    await converged(server, consumer);
    expect(consumer.stales[0]?.message).toContain("text/html");
  });

  it("versions go back", async () => {
    const backup = { version: server.version, objects: [...server.objects] };
    server.put("davit");
    await using _ = reflect(client, consumer);
    await converged(server, consumer);
    for (let i = 0; i < 20; i++) server.put("davit", { i });
    await converged(server, consumer);
    server.restore(backup.version, backup.objects);
    server.cutWatches();
    await converged(server, consumer, 2);
    expect([...consumer.objects.keys()]).not.toContain("shop/davit");
  });

  it("a bookmark goes back", async () => {
    await using _ = reflect(client, consumer);
    await converged(server, consumer);
    server.sendLine('{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"7"}}}');
    await converged(server, consumer, 2);
    expect(consumer.passes.map(({ pass }) => pass)).toEqual(["first", "resync"]);
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
