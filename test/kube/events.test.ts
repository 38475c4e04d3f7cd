import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ServerError } from "../../src/kube/errors.ts";
import { cutToBytes, EventRecorder, type EventRequest } from "../../src/kube/events.ts";
import type { HttpTransport } from "../../src/kube/transport.ts";
import { FakeApiServer, refuse, reply, times } from "./fake-api-server.ts";
import { clientOver, transportTo } from "./fake-cluster.ts";
import { FakeObjects } from "./fake-objects.ts";
import { ManualClock } from "./manual-clock.ts";

let server: FakeApiServer;
let objects: FakeObjects;
let transport: HttpTransport;
let clock: ManualClock;
let recorder: EventRecorder;
let suppressed: number[];

beforeEach(async () => {
  server = await FakeApiServer.start();
  objects = new FakeObjects();
  server.faults.push(objects.serve);
  transport = transportTo(server.url);
  clock = new ManualClock();
  suppressed = [];
  recorder = restarted();
});

afterEach(async () => {
  recorder.close();
  await transport.close();
  await server.close();
});

/** One that remembers nothing. */
function restarted(): EventRecorder {
  return new EventRecorder({
    client: clientOver(transport),
    controller: "pawl.dev/operator",
    instance: "pawl-0",
    clock,
    onSuppressed: (count) => suppressed.push(count),
  });
}

let serial = 0;

function event(object: string, more: Partial<EventRequest> = {}): EventRequest {
  serial += 1;
  return {
    name: `${object}.${serial}`,
    regarding: { apiVersion: "apps/v1", kind: "Deployment", namespace: "shop", name: object, uid: "uid-1" },
    type: "Warning",
    reason: "ViolationFound",
    action: "Scan",
    note: "privileged",
    ...more,
  };
}

const posts = (): number => server.requests.length;

describe("an event recorder", () => {
  it("sends one Event an object in five minutes", async () => {
    expect(await recorder.send(event("a"))).toBe("sent");
    expect(await recorder.send(event("a"))).toBe("suppressed");
    expect(await recorder.send(event("b"))).toBe("sent");
    await clock.turn(5 * 60_000);
    expect(await recorder.send(event("a"))).toBe("sent");
    expect(posts()).toBe(3);
  });

  it("sends fifty Events a minute in all", async () => {
    const outcomes = await Promise.all(Array.from({ length: 60 }, (_, i) => recorder.send(event(`w-${i}`))));
    expect(outcomes.filter((outcome) => outcome === "sent")).toHaveLength(50);
    expect(outcomes.filter((outcome) => outcome === "suppressed")).toHaveLength(10);
    await clock.turn(60_000);
    expect(await recorder.send(event("later"))).toBe("sent");
  });

  it("tells once a minute how many it has held back", async () => {
    await recorder.send(event("a"));
    for (let i = 0; i < 3; i++) await recorder.send(event("a"));
    expect(suppressed).toEqual([]);
    await clock.turn(60_000);
    expect(suppressed).toEqual([3]);
    await clock.turn(600_000);
    expect(suppressed).toEqual([3]);
  });

  it("tells what it held back when it is closed, and leaves no timer", async () => {
    await recorder.send(event("a"));
    await recorder.send(event("a"));
    recorder.close();
    expect(suppressed).toEqual([1]);
    expect(clock.pending).toBe(0);
  });

  it("sends the Event about held-back ones whatever the limits say", async () => {
    await recorder.send(event("a"));
    expect(await recorder.send(event("a", { unlimited: true }))).toBe("sent");
    expect(posts()).toBe(2);
  });

  it("knows an Event that it has sent, and asks the server only once", async () => {
    const found = event("a");
    await recorder.send(found);
    expect(await recorder.send(found)).toBe("known");
    expect(posts()).toBe(1);
  });

  it("finds after a restart what was sent before: none comes twice, and none counts for a limit", async () => {
    const before = Array.from({ length: 60 }, (_, index) => event(index < 2 ? "a" : `o-${index}`));
    for (const each of before) {
      await recorder.send(each);
      await clock.turn(10 * 60_000);
    }
    const again = restarted();
    const outcomes = [];
    for (const each of before) outcomes.push(await again.send(each));
    expect(new Set(outcomes)).toEqual(new Set(["known"]));
    expect(objects.byPath.size).toBe(60);
    expect(await again.send(event("a"))).toBe("sent");
    again.close();
    expect(suppressed).toEqual([]);
  });

  it("finds a burst that is retold, whatever the limits hold at that moment", async () => {
    const before = Array.from({ length: 60 }, (_, index) => event(`o-${index}`, { retold: true }));
    for (const each of before) {
      await recorder.send(each);
      await clock.turn(10 * 60_000);
    }
    const again = restarted();
    for (let i = 0; i < 50; i++) await again.send(event(`new-${i}`));
    const outcomes = await Promise.all(before.map((each) => again.send(each)));
    expect(new Set(outcomes)).toEqual(new Set(["known"]));
    again.close();
    expect(suppressed).toEqual([]);
  });

  it("lets an Event through while another one of the object is found to be known", async () => {
    const before = event("a");
    await recorder.send(before);
    const again = restarted();
    const outcomes = await Promise.all([again.send({ ...before, retold: true }), again.send(event("a"))]);
    expect(outcomes).toEqual(["known", "sent"]);
    again.close();
  });

  it("holds back retold Events too where they would be new", async () => {
    const retold = Array.from({ length: 60 }, (_, index) => event(`o-${index}`, { retold: true }));
    const outcomes = await Promise.all(retold.map((each) => recorder.send(each)));
    expect(outcomes.filter((outcome) => outcome === "suppressed")).toHaveLength(10);
    expect(await recorder.send(event("o-0", { retold: true }))).toBe("suppressed");
    expect(objects.byPath.size).toBe(50);
  });

  it("tries a retold Event under the limits where the server cannot tell without creating it", async () => {
    server.faults.unshift((seen, response) => seen.query.has("dryRun") && refuse(response, 400, "BadRequest"));
    const retold = event("a", { retold: true });
    expect(await recorder.send(retold)).toBe("sent");
    const again = restarted();
    expect(await again.send(retold)).toBe("known");
    again.close();
  });

  it("is not kept alive by what ends after it was closed", async () => {
    await recorder.send(event("a"));
    recorder.close();
    await recorder.send(event("a"));
    expect(clock.pending).toBe(0);
  });

  it("drops an Event for a namespace that is being deleted", async () => {
    const causes = [
      { reason: "NamespaceTerminating", message: "shop is being terminated", field: "metadata.namespace" },
    ];
    server.faults.unshift((_, response) =>
      reply(response, 403, { kind: "Status", code: 403, reason: "Forbidden", message: "no", details: { causes } }),
    );
    expect(await recorder.send(event("a"))).toBe("dropped");
    expect(suppressed).toEqual([]);
  });

  it("throws what else goes wrong, and lets the same Event be tried again", async () => {
    server.faults.unshift(
      times(
        1,
        () => true,
        (_, response) => void refuse(response, 500, "InternalError"),
      ),
    );
    const found = event("a");
    await expect(recorder.send(found)).rejects.toThrow(ServerError);
    expect(await recorder.send(found)).toBe("sent");
  });

  it("sends Events about cluster-scoped objects to the namespace default", async () => {
    await recorder.send(
      event("prod", { regarding: { apiVersion: "v1", kind: "Namespace", namespace: "", name: "prod" } }),
    );
    expect(server.requests[0]?.path).toBe("/apis/events.k8s.io/v1/namespaces/default/events");
    const sent = JSON.parse(server.requests[0]?.body ?? "") as { regarding: Record<string, unknown> };
    expect(sent.regarding).toEqual({ apiVersion: "v1", kind: "Namespace", name: "prod" });
  });
});

describe("a note that is too long", () => {
  it.each([
    ["short", 10, "short"],
    ["exactly10!", 10, "exactly10!"],
    ["longer than ten", 10, "longer …"],
    ["äöüäöüäöü", 10, "äöü…"],
    ["🚢🚢🚢🚢", 12, "🚢🚢…"],
  ])("%s is cut to %i bytes between characters", (note, bytes, cut) => {
    expect(cutToBytes(note, bytes)).toBe(cut);
    expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(bytes);
  });
});
