import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { KubeClient } from "../../src/kube/client.ts";
import type { RawObject } from "../../src/kube/object.ts";
import type { HttpTransport } from "../../src/kube/transport.ts";
import type { Basis } from "../../src/kube/watch-consumer.ts";
import { FakeApiServer, isInitial, refuse } from "./fake-api-server.ts";
import { clientOver, converged, RecordingConsumer, reflect, transportTo } from "./fake-cluster.ts";

/** Has a basis, which the test ends by putting another in its place. */
class BasedConsumer extends RecordingConsumer {
  readonly bases = new Map<string, symbol>();

  basis(namespace: string): Basis {
    const then = this.bases.get(namespace);
    const now = (): boolean => this.bases.get(namespace) === then;
    return {
      get holds() {
        return now();
      },
    };
  }

  /** Names given by a call of `onUpsert` since the last time, sorted. */
  takeGiven(): readonly string[] {
    const given = this.calls.splice(0).flatMap((call) => /^upsert (\S+)/.exec(call)?.[1] ?? []);
    return given.sort();
  }
}

const all = ["anchor", "bollard", "capstan"];

let server: FakeApiServer;
let transport: HttpTransport;
let client: KubeClient;
let consumer: BasedConsumer;

beforeEach(async () => {
  server = await FakeApiServer.start();
  transport = transportTo(server.url);
  client = clientOver(transport);
  consumer = new BasedConsumer();
  for (const name of all) server.put(name);
});

afterEach(async () => {
  await transport.close();
  await server.close();
});

/** Reads everything, once as said. */
async function readOnce(how: "watch" | "pages") {
  if (how === "pages") server.faults.push((seen, response) => isInitial(seen) && refuse(response, 422, "Invalid"));
  const running = reflect(client, consumer);
  await converged(server, consumer);
  expect(consumer.takeGiven()).toEqual(all);
  return running;
}

describe.each(["watch", "pages"] as const)("a full pass by %s", (how) => {
  it("gives nothing of which the text is the same", async () => {
    await using running = await readOnce(how);
    expect(await running.reflector.relist()).toEqual({ pass: "relist", objects: 3 });
    expect(consumer.takeGiven()).toEqual([]);
  });

  it("gives what a watch that was silent has not told of", async () => {
    await using running = await readOnce(how);
    server.silent = true;
    server.put("bollard", { load: 9 });
    server.put("davit");
    server.remove("anchor");
    await running.reflector.relist();
    expect(consumer.calls).toContain("delete anchor uid-1");
    expect(consumer.takeGiven()).toEqual(["bollard", "davit"]);
    await converged(server, consumer);
  });

  it("gives another text under the same uid and version, as there may be after a restore", async () => {
    await using running = await readOnce(how);
    const changed = server.objects.map((object, at) => (at === 1 ? { ...object, data: { load: 9 } } : object));
    server.restore(server.version, changed);
    await running.reflector.relist();
    expect(consumer.takeGiven()).toEqual(["bollard"]);
    expect(consumer.objects.get("shop/bollard")).toMatchObject({ data: { load: 9 } });
  });

  it("gives what a restore has set back to a text of before", async () => {
    await using running = await readOnce(how);
    const backup = { version: server.version, objects: [...server.objects] };
    server.put("bollard", { load: 9 });
    await converged(server, consumer);
    server.restore(backup.version, backup.objects);
    consumer.takeGiven();
    await running.reflector.relist();
    expect(consumer.takeGiven()).toEqual(["bollard"]);
    await converged(server, consumer);
  });

  it("gives everything of a namespace whose basis has ended, and nothing more", async () => {
    server.put("winch", {}, "yard");
    await using running = reflect(client, consumer);
    if (how === "pages") server.faults.push((seen, response) => isInitial(seen) && refuse(response, 422, "Invalid"));
    await converged(server, consumer);
    await running.reflector.relist();
    consumer.takeGiven();
    consumer.bases.set("shop", Symbol("relabelled"));
    await running.reflector.relist();
    expect(consumer.takeGiven()).toEqual(all);
    await running.reflector.relist();
    expect(consumer.takeGiven()).toEqual([]);
  });

  it("gives everything once more that was given while the basis ended", async () => {
    await using running = await readOnce(how);
    consumer.bases.set("shop", Symbol("edited"));
    const upsert = consumer.onUpsert.bind(consumer);
    consumer.onUpsert = (object, context) => {
      consumer.bases.set("shop", Symbol("edited again"));
      return upsert(object, context);
    };
    await running.reflector.relist();
    consumer.onUpsert = upsert;
    consumer.takeGiven();
    await running.reflector.relist();
    expect(consumer.takeGiven()).toEqual(all);
  });

  it("gives what the consumer has failed to take in", async () => {
    let fails = true;
    const upsert = consumer.onUpsert.bind(consumer);
    consumer.onUpsert = (object: RawObject, context) => {
      if (fails && (object.metadata as RawObject).name === "bollard") throw new Error("not now");
      return upsert(object, context);
    };
    if (how === "pages") server.faults.push((seen, response) => isInitial(seen) && refuse(response, 422, "Invalid"));
    await using _ = reflect(client, consumer);
    await expect.poll(() => consumer.stale?.reason).toBe("error");
    fails = false;
    await converged(server, consumer);
    expect(consumer.takeGiven()).toContain("bollard");
  });
});
