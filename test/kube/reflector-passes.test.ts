import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { KubeClient } from "../../src/kube/client.ts";
import { identityOf, type RawObject } from "../../src/kube/object.ts";
import type { HttpTransport } from "../../src/kube/transport.ts";
import { FakeApiServer, isInitial, isList, isResume, isWatch, refuse, reply, times } from "./fake-api-server.ts";
import { clientOver, converged, RecordingConsumer, reflect, stateOf, transportTo, until } from "./fake-cluster.ts";

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

describe("a full pass", () => {
  it("is done in pages where the server does not know WatchList", async () => {
    server.faults.push(
      (seen, response) => isInitial(seen) && refuse(response, 422, "Invalid", "sendInitialEvents is forbidden"),
    );
    await using running = reflect(client, consumer);
    await converged(server, consumer);
    server.put("davit");
    await converged(server, consumer);
    expect(server.requests.filter(isList).map((seen) => seen.query.get("limit"))).toEqual(["500"]);
    expect(server.requests.filter(isResume)).toHaveLength(1);
    await running.reflector.relist();
    expect(server.requests.filter(isInitial)).toHaveLength(1);
  });

  it("is done in pages where the closing bookmark does not come", async () => {
    server.closingBookmark = false;
    await using _ = reflect(client, consumer, { timing: { bookmarkWaitMs: 100 } });
    await converged(server, consumer);
    expect(server.requests.filter(isList)).toHaveLength(1);
  });

  it("is done in pages where another bookmark comes first", async () => {
    server.closingBookmark = false;
    await using _ = reflect(client, consumer);
    await until(() => server.openWatches === 1);
    server.bookmark();
    await converged(server, consumer);
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
    await converged(server, consumer);
    expect(server.requests.filter(isInitial)).toHaveLength(2);
    expect(server.requests.filter(isList)).toHaveLength(1);
  });

  it("is done once more where the server ends the initial events in order", async () => {
    server.faults.push(
      times(1, isInitial, (_, response) => void response.writeHead(200, { "content-type": "application/json" }).end()),
    );
    await using _ = reflect(client, consumer);
    await converged(server, consumer);
    expect(server.requests.map(isInitial)).toEqual([true, true]);
  });

  it("concludes no deletion before it is complete", async () => {
    await using running = reflect(client, consumer);
    await converged(server, consumer);
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
    await converged(server, consumer);
    expect(consumer.calls.slice(-2)).toEqual(["synced first 3", "current"]);
  });

  it("that is not served says so, and is read once it is served", async () => {
    let served = false;
    server.faults.push((_, response) => !served && refuse(response, 404, "NotFound"));
    await using running = reflect(client, consumer, { timing: { backoffBaseMs: 60_000, backoffCapMs: 60_000 } });
    await until(() => consumer.stale?.reason === "not-served");
    served = true;
    running.reflector.retryNow();
    await converged(server, consumer);
  });

  it("that stops being served is listed anew when it comes back", async () => {
    await using _ = reflect(client, consumer);
    await converged(server, consumer);
    let served = false;
    server.faults.push((_, response) => !served && refuse(response, 404, "NotFound"));
    server.endWatches();
    server.cutWatches();
    await until(() => consumer.stale?.reason === "not-served");
    server.remove("capstan");
    served = true;
    await converged(server, consumer, 2);
    expect(consumer.calls).toContain("delete capstan uid-3");
  });
});

describe("relist", () => {
  it("gives everything once more over the one watch", async () => {
    await using running = reflect(client, consumer);
    await converged(server, consumer);
    const pass = await running.reflector.relist();
    expect(pass).toEqual({ pass: "relist", objects: 3 });
    expect(consumer.calls.filter((call) => call === "upsert anchor initial")).toHaveLength(2);
    await until(() => server.openWatches === 1);
    expect(running.restarts).toEqual(["relist"]);
  });

  it("asked for by many at once is one pass", async () => {
    await using running = reflect(client, consumer);
    await converged(server, consumer);
    await Promise.all([running.reflector.relist(), running.reflector.relist(), running.reflector.relist()]);
    expect(consumer.passes).toHaveLength(2);
  });

  it("rejects when it is forbidden, while the watch goes on", async () => {
    await using running = reflect(client, consumer);
    await converged(server, consumer);
    server.faults.push(times(1, isInitial, (_, response) => void refuse(response, 403, "Forbidden")));
    await expect(running.reflector.relist()).rejects.toMatchObject({ name: "ForbiddenError" });
    server.put("davit");
    await converged(server, consumer);
    expect(consumer.stales).toEqual([]);
  });

  it("that broke off is not followed by older states of what it has given already", async () => {
    await using running = reflect(client, consumer);
    await converged(server, consumer);
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
    await converged(server, consumer);
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

  it("rejects when the reflector has stopped", async () => {
    const running = reflect(client, consumer);
    await converged(server, consumer);
    await running[Symbol.asyncDispose]();
    await expect(running.reflector.relist()).rejects.toThrow("the test is over");
  });

  it("rejects when the reflector stops before it could begin", async () => {
    const running = reflect(client, consumer, { watch: false });
    const passes = Promise.allSettled([running.reflector.relist()]);
    const stopped = running[Symbol.asyncDispose]();
    const late = Promise.allSettled([running.reflector.relist()]);
    await stopped;
    expect([...(await passes), ...(await late)].map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  });
});

describe("a watch that is switched off", () => {
  it("ends, and what was there stays known", async () => {
    await using running = reflect(client, consumer);
    await converged(server, consumer);
    running.reflector.watching = false;
    await until(() => server.openWatches === 0);
    expect(consumer.state).toEqual(stateOf(server.objects));
    expect(running.reflector.status.stale).toBeNull();
  });

  it("resumes where it ended, and has missed nothing", async () => {
    await using running = reflect(client, consumer);
    await converged(server, consumer);
    running.reflector.watching = false;
    await until(() => server.openWatches === 0);
    server.remove("bollard");
    server.put("davit");
    running.reflector.watching = true;
    await until(() => consumer.calls.at(-1) === "upsert davit");
    expect(consumer.state).toEqual(stateOf(server.objects));
    expect(server.requests.filter(isInitial)).toHaveLength(1);
  });

  it("notices in the next pass what went meanwhile", async () => {
    await using running = reflect(client, consumer);
    await converged(server, consumer);
    running.reflector.watching = false;
    await until(() => server.openWatches === 0);
    server.remove("bollard");
    await running.reflector.relist();
    expect(consumer.state).toEqual(stateOf(server.objects));
    expect(server.openWatches).toBe(0);
  });

  it("lists everything where the server has forgotten too much", async () => {
    await using running = reflect(client, consumer);
    await converged(server, consumer);
    running.reflector.watching = false;
    await until(() => server.openWatches === 0);
    server.remove("bollard");
    server.faults.push(times(1, isResume, (_, response) => refuse(response, 410, "Expired")));
    running.reflector.watching = true;
    await converged(server, consumer, 2);
    expect(consumer.state).toEqual(stateOf(server.objects));
  });
});

describe("listNamespace", () => {
  it("gives the objects of one namespace once more, beside the watch", async () => {
    server.put("elsewhere", {}, "office");
    await using running = reflect(client, consumer);
    await converged(server, consumer);
    const before = consumer.calls.length;
    await running.reflector.listNamespace("shop");
    expect(consumer.calls.slice(before)).toEqual(["upsert anchor", "upsert bollard", "upsert capstan"]);
    expect(watches()).toBe(1);
  });

  it("does not bring back what the watch has seen deleted meanwhile", async () => {
    await using running = reflect(client, consumer);
    await converged(server, consumer);
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

  it("gives once more what a pass gave that was under way already", async () => {
    await using running = reflect(client, consumer);
    await converged(server, consumer);
    const { reached, goOn } = holdAt("capstan");
    const pass = running.reflector.relist();
    await reached;
    const listing = running.reflector.listNamespace("shop");
    goOn();
    await Promise.all([pass, listing]);
    expect(afterPass(2)).toEqual(["upsert anchor", "upsert bollard", "upsert capstan"]);
  });

  it("gives once more what the first pass gives", async () => {
    const { reached, goOn } = holdAt("capstan");
    await using running = reflect(client, consumer);
    await reached;
    const listing = running.reflector.listNamespace("shop");
    goOn();
    await listing;
    expect(afterPass(1)).toEqual(["upsert anchor", "upsert bollard", "upsert capstan"]);
  });

  it("gives what it lists where the kind cannot be read as a whole", async () => {
    server.faults.push((seen, response) => !seen.path.includes("/namespaces/") && refuse(response, 403, "Forbidden"));
    await using running = reflect(client, consumer, { timing: { backoffBaseMs: 60_000, backoffCapMs: 60_000 } });
    await until(() => consumer.stale !== null);
    await running.reflector.listNamespace("shop");
    expect(consumer.calls).toEqual(["stale forbidden", "upsert anchor", "upsert bollard", "upsert capstan"]);
  });

  it("waits for a pass no longer than its signal lets it", async () => {
    await using running = reflect(client, consumer);
    await converged(server, consumer);
    const { reached, goOn } = holdAt("capstan");
    const pass = running.reflector.relist();
    await reached;
    const stop = new AbortController();
    const listing = running.reflector.listNamespace("shop", stop.signal);
    stop.abort(new Error("labels changed again"));
    await expect(listing).rejects.toThrow("labels changed again");
    goOn();
    await pass;
    expect(server.requests.filter(isList)).toEqual([]);
  });
});

/** Makes the consumer take its time over this object when a pass gives it for the next time. */
function holdAt(held: string): { readonly reached: Promise<void>; readonly goOn: () => void } {
  const reached = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const upsert = consumer.onUpsert.bind(consumer);
  consumer.onUpsert = async (object, context) => {
    if (context.initial && identityOf(object).name === held) {
      reached.resolve();
      await goOn.promise;
    }
    await upsert(object, context);
  };
  return { reached: reached.promise, goOn: goOn.resolve };
}

/** What the consumer was told since so many passes were completed. */
function afterPass(count: number): readonly string[] {
  const ends = [...consumer.calls.entries()].filter(([, call]) => call.startsWith("synced")).map(([at]) => at);
  return consumer.calls.slice((ends[count - 1] ?? consumer.calls.length) + 1);
}
