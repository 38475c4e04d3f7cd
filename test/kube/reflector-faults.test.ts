import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { KubeClient } from "../../src/kube/client.ts";
import { identityOf, type RawObject } from "../../src/kube/object.ts";
import type { HttpTransport } from "../../src/kube/transport.ts";
import { FakeApiServer, isInitial, isList, isResume, isWatch, refuse, reply, times } from "./fake-api-server.ts";
import { clientOver, RecordingConsumer, reflect, stateOf, transportTo } from "./fake-cluster.ts";

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

/** The consumer believes exactly what a fresh scan would find, and knows that it may. */
async function converged(passes?: number): Promise<void> {
  await vi.waitFor(
    () => {
      expect(consumer.stale).toBeNull();
      expect(consumer.passes.length).toBeGreaterThanOrEqual(passes ?? 1);
      expect(consumer.state).toEqual(stateOf(server.objects));
    },
    { timeout: 10_000, interval: 5 },
  );
}

async function until(condition: () => boolean): Promise<void> {
  await vi.waitFor(() => expect(condition()).toBe(true), { timeout: 10_000, interval: 5 });
}

const watches = (): number => server.requests.filter(isWatch).length;

describe("a reflector", () => {
  it("lists by one watch and follows it", async () => {
    await using running = reflect(client, consumer);
    await converged();
    server.put("davit");
    server.put("anchor", { changed: true });
    server.remove("bollard");
    await converged();
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
    await converged();
    expect(consumer.objects.get("shop/anchor")).toMatchObject({ apiVersion: "fake.example/v1", kind: "Widget" });
  });

  it("resumes where the server ended the watch in order, and is not stale meanwhile", async () => {
    await using running = reflect(client, consumer, { clock: patientClock() });
    await converged();
    server.endWatches();
    await until(() => watches() === 2);
    server.put("davit");
    await converged();
    expect(server.requests.map((seen) => seen.query.get("resourceVersion"))).toEqual([null, "103"]);
    expect(consumer.stales).toEqual([]);
    expect(running.restarts).toEqual(["timeout"]);
  });
});

describe("a reflector recovers when", () => {
  it("the connection is cut inside an object", async () => {
    await using running = reflect(client, consumer);
    await converged();
    server.faults.push(times(1, isResume, (_, response) => void response.destroy()));
    server.cutWatches('{"type":"ADDED","object":{"metadata":{"name":"dav');
    server.put("davit");
    server.remove("anchor");
    await converged();
    expect(consumer.stales.map(({ reason }) => reason)).toContain("error");
    expect(running.restarts).toEqual(["error", "error"]);
  });

  it("the watch goes silent", async () => {
    await using running = reflect(client, consumer, { timing: { silenceMs: 100 } });
    await converged();
    server.silent = true;
    server.put("davit");
    server.silent = false;
    await converged();
    expect(running.restarts[0]).toBe("silent");
    expect(consumer.stales).toEqual([]);
  });

  it("the watch goes silent and the server answers nobody", async () => {
    await using _ = reflect(client, consumer, { timing: { silenceMs: 100 } });
    await converged();
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
    await converged();
  });

  it("history expired, also where that hides a deletion", async () => {
    await using running = reflect(client, consumer);
    await converged();
    server.silent = true;
    server.remove("anchor");
    server.put("davit");
    server.compact();
    server.silent = false;
    server.sendLine('{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old"}}');
    await converged(2);
    expect(consumer.calls).toContain("delete anchor uid-1");
    expect(consumer.passes.map(({ pass }) => pass)).toEqual(["first", "resync"]);
    expect(running.restarts).toEqual(["expired"]);
    expect(server.requests).toHaveLength(2);
  });

  it("an object was deleted and made anew unseen", async () => {
    await using _ = reflect(client, consumer);
    await converged();
    server.silent = true;
    server.remove("anchor");
    server.put("anchor");
    server.silent = false;
    server.compact();
    server.cutWatches();
    await converged(2);
    expect(consumer.calls.slice(-5)).toContain("delete anchor uid-1");
  });

  it("the server asks to wait", async () => {
    const waits: number[] = [];
    const clock = { ...patientClock(), after: recordingTimer(waits) };
    server.faults.push(
      times(1, isWatch, (_, response) => void refuse(response, 429, "TooManyRequests", "wait", { "retry-after": "1" })),
    );
    await using running = reflect(client, consumer, { clock });
    await converged();
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
    await converged();
    expect(server.requests.length).toBeLessThanOrEqual(8);
    expect(consumer.stales.every(({ reason }) => reason === "error")).toBe(true);
  });

  it("the server refuses to resume again and again", async () => {
    await using _ = reflect(client, consumer);
    await converged();
    server.faults.push(times(10, isResume, (_, response) => void refuse(response, 500, "InternalError")));
    server.cutWatches();
    server.put("davit");
    await converged(2);
    expect(server.requests.filter(isResume)).toHaveLength(3);
  });

  it("an event is no JSON", async () => {
    await using running = reflect(client, consumer);
    await converged();
    server.sendLine('{"type":"ADDED","object":');
    await until(() => watches() === 2);
    server.put("davit");
    await converged();
    expect(running.restarts).toEqual(["error"]);
  });

  it("an event is of a type that nobody knows", async () => {
    await using running = reflect(client, consumer);
    await converged();
    server.sendLine('{"type":"RENAMED","object":{"metadata":{"name":"anchor"}}}');
    await until(() => watches() === 2);
    await converged();
    expect(running.restarts).toEqual(["error"]);
  });

  it("a watch is answered with another content type", async () => {
    server.faults.push(
      times(1, isWatch, (_, response) => {
        response.writeHead(200, { "content-type": "text/html" }).end("<html>please log in</html>");
      }),
    );
    await using _ = reflect(client, consumer);
    await converged();
    expect(consumer.stales[0]?.message).toContain("text/html");
  });

  it("versions go back", async () => {
    const backup = { version: server.version, objects: [...server.objects] };
    server.put("davit");
    await using _ = reflect(client, consumer);
    await converged();
    for (let i = 0; i < 20; i++) server.put("davit", { i });
    await converged();
    server.restore(backup.version, backup.objects);
    server.cutWatches();
    await converged(2);
    expect([...consumer.objects.keys()]).not.toContain("shop/davit");
  });

  it("a bookmark goes back", async () => {
    await using _ = reflect(client, consumer);
    await converged();
    server.sendLine('{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"7"}}}');
    await converged(2);
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
    await converged();
    server.put("davit");
    await converged(2);
    expect(consumer.passes.map(({ pass }) => pass)).toEqual(["first", "resync"]);
  });
});

describe("a full pass", () => {
  it("is done in pages where the server does not know WatchList", async () => {
    server.faults.push(
      (seen, response) => isInitial(seen) && refuse(response, 422, "Invalid", "sendInitialEvents is forbidden"),
    );
    await using running = reflect(client, consumer);
    await converged();
    server.put("davit");
    await converged();
    expect(server.requests.filter(isList).map((seen) => seen.query.get("limit"))).toEqual(["500"]);
    expect(server.requests.filter(isResume)).toHaveLength(1);
    await running.reflector.relist();
    expect(server.requests.filter(isInitial)).toHaveLength(1);
  });

  it("is done in pages where the closing bookmark does not come", async () => {
    server.closingBookmark = false;
    await using _ = reflect(client, consumer, { timing: { bookmarkWaitMs: 100 } });
    await converged();
    expect(server.requests.filter(isList)).toHaveLength(1);
  });

  it("is done in pages where another bookmark comes first", async () => {
    server.closingBookmark = false;
    await using _ = reflect(client, consumer);
    await until(() => server.openWatches === 1);
    server.bookmark();
    await converged();
    expect(server.requests.filter(isList)).toHaveLength(1);
  });

  it("is done in pages after initial events broke off twice", async () => {
    server.faults.push((seen, response) => {
      if (!isInitial(seen)) return false;
      response.writeHead(200, { "content-type": "application/json" });
      response.write('{"type":"ADDED","obj', () => response.destroy());
      return true;
    });
    await using _ = reflect(client, consumer);
    await converged();
    expect(server.requests.filter(isInitial)).toHaveLength(2);
    expect(server.requests.filter(isList)).toHaveLength(1);
  });

  it("is done once more where the server ends the initial events in order", async () => {
    server.faults.push(
      times(1, isInitial, (_, response) => void response.writeHead(200, { "content-type": "application/json" }).end()),
    );
    await using _ = reflect(client, consumer);
    await converged();
    expect(server.requests.map(isInitial)).toEqual([true, true]);
  });

  it("concludes no deletion before it is complete", async () => {
    await using running = reflect(client, consumer);
    await converged();
    server.faults.push(
      times(1, isInitial, (_, response) => {
        response.writeHead(200, { "content-type": "application/json" });
        response.write(`${JSON.stringify({ type: "ADDED", object: server.objects[0] })}\n`, () => response.destroy());
      }),
    );
    await expect(running.reflector.relist()).rejects.toThrow();
    await until(() => server.openWatches === 1);
    expect(consumer.calls.filter((call) => call.startsWith("delete"))).toEqual([]);
    expect(consumer.stales).toEqual([]);
    expect(consumer.state).toEqual(stateOf(server.objects));
  });
});

describe("a kind", () => {
  it("that is forbidden says so, and is read once it is granted", async () => {
    let forbidden = true;
    server.faults.push((_, response) => forbidden && refuse(response, 403, "Forbidden", "widgets is forbidden"));
    await using running = reflect(client, consumer);
    await until(() => consumer.stale?.reason === "forbidden");
    expect(running.reflector.status).toMatchObject({ synced: false, stale: { reason: "forbidden" } });
    forbidden = false;
    await converged();
    expect(consumer.calls.slice(-2)).toEqual(["synced first 3", "current"]);
  });

  it("that is not served says so, and is read once it is served", async () => {
    let served = false;
    server.faults.push((_, response) => !served && refuse(response, 404, "NotFound"));
    await using running = reflect(client, consumer, { timing: { backoffBaseMs: 60_000, backoffCapMs: 60_000 } });
    await until(() => consumer.stale?.reason === "not-served");
    served = true;
    running.reflector.retryNow();
    await converged();
  });

  it("that stops being served is listed anew when it comes back", async () => {
    await using _ = reflect(client, consumer);
    await converged();
    let served = false;
    server.faults.push((_, response) => !served && refuse(response, 404, "NotFound"));
    server.endWatches();
    server.cutWatches();
    await until(() => consumer.stale?.reason === "not-served");
    server.remove("capstan");
    served = true;
    await converged(2);
    expect(consumer.calls).toContain("delete capstan uid-3");
  });
});

describe("relist", () => {
  it("gives everything once more over the one watch", async () => {
    await using running = reflect(client, consumer);
    await converged();
    const pass = await running.reflector.relist();
    expect(pass).toEqual({ pass: "relist", objects: 3 });
    expect(consumer.calls.filter((call) => call === "upsert anchor initial")).toHaveLength(2);
    await until(() => server.openWatches === 1);
    expect(running.restarts).toEqual(["relist"]);
  });

  it("asked for by many at once is one pass", async () => {
    await using running = reflect(client, consumer);
    await converged();
    await Promise.all([running.reflector.relist(), running.reflector.relist(), running.reflector.relist()]);
    expect(consumer.passes).toHaveLength(2);
  });

  it("rejects when it is forbidden, while the watch goes on", async () => {
    await using running = reflect(client, consumer);
    await converged();
    server.faults.push(times(1, isInitial, (_, response) => void refuse(response, 403, "Forbidden")));
    await expect(running.reflector.relist()).rejects.toMatchObject({ name: "ForbiddenError" });
    server.put("davit");
    await converged();
    expect(consumer.stales).toEqual([]);
  });

  it("that broke off is not followed by older states of what it has given already", async () => {
    await using running = reflect(client, consumer);
    await converged();
    server.silent = true;
    server.put("anchor", { size: "old" });
    server.put("anchor", { size: "new" });
    server.silent = false;
    server.faults.push(
      times(1, isInitial, (_, response) => {
        const anchor = server.objects.find((object) => identityOf(object).name === "anchor");
        response.writeHead(200, { "content-type": "application/json" });
        response.write(`${JSON.stringify({ type: "ADDED", object: anchor })}\n`, () => response.destroy());
      }),
    );
    const sizes: unknown[] = [];
    const upsert = consumer.onUpsert.bind(consumer);
    consumer.onUpsert = (object, context) => {
      if (identityOf(object).name === "anchor") sizes.push((object.data as RawObject).size);
      return upsert(object, context);
    };
    await expect(running.reflector.relist()).rejects.toThrow();
    server.put("davit");
    await converged();
    expect(sizes).toEqual(["new"]);
  });

  it("works without a watch, and notices what is gone", async () => {
    await using running = reflect(client, consumer, { watch: false });
    await running.reflector.relist();
    server.remove("bollard");
    await running.reflector.relist();
    expect(consumer.state).toEqual(stateOf(server.objects));
    expect(server.requests.filter(isWatch)).toEqual([]);
  });

  it("rejects when the reflector stops", async () => {
    server.faults.push((_, response) => refuse(response, 403, "Forbidden"));
    const running = reflect(client, consumer, { timing: { backoffBaseMs: 60_000, backoffCapMs: 60_000 } });
    await until(() => consumer.stale !== null);
    const passes = Promise.allSettled([running.reflector.relist()]);
    await running[Symbol.asyncDispose]();
    expect((await passes)[0]?.status).toBe("rejected");
  });
});

describe("listNamespace", () => {
  it("gives the objects of one namespace once more, beside the watch", async () => {
    server.put("elsewhere", {}, "office");
    await using running = reflect(client, consumer);
    await converged();
    const before = consumer.calls.length;
    await running.reflector.listNamespace("shop");
    expect(consumer.calls.slice(before)).toEqual(["upsert anchor", "upsert bollard", "upsert capstan"]);
    expect(watches()).toBe(1);
  });

  it("does not bring back what the watch has seen deleted meanwhile", async () => {
    await using running = reflect(client, consumer);
    await converged();
    const listed = [...server.objects];
    const { version } = server;
    server.faults.push(
      times(1, isList, (_, response) => {
        server.remove("bollard");
        void until(() => consumer.calls.includes("delete bollard uid-2")).then(() =>
          reply(response, 200, { kind: "WidgetList", metadata: { resourceVersion: String(version) }, items: listed }),
        );
      }),
    );
    await running.reflector.listNamespace("shop");
    expect([...consumer.objects.keys()]).toEqual(["shop/anchor", "shop/capstan"]);
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
