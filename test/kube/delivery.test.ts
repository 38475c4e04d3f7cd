import { beforeEach, describe, expect, it } from "vitest";
import { Delivery } from "../../src/kube/delivery.ts";
import { identityOf, type RawObject } from "../../src/kube/object.ts";
import { WIDGET } from "./fake-api-server.ts";
import { RecordingConsumer } from "./fake-cluster.ts";
import { settle } from "./manual-clock.ts";

let consumer: RecordingConsumer;
let delivery: Delivery;

beforeEach(() => {
  consumer = new RecordingConsumer();
  delivery = new Delivery(WIDGET, consumer);
});

function widget(name: string, resourceVersion: number, uid = `uid-${name}`): RawObject {
  return {
    apiVersion: "fake.example/v1",
    kind: "Widget",
    metadata: { namespace: "shop", name, uid, resourceVersion: String(resourceVersion) },
  };
}

/** Gives these objects in a pass; `completely` also concludes from it that there are no others. */
function pass(objects: readonly RawObject[], { completely }: { readonly completely: boolean }): Promise<void> {
  return delivery.alone(async () => {
    delivery.beginPass();
    for (const object of objects) await delivery.listed(object);
    if (completely) await delivery.endPass("relist");
  });
}

/** Lists these objects, as they were when the listing was answered, and lets `between` happen before they arrive. */
function listing(objects: readonly RawObject[], between: () => Promise<void> = async () => undefined): Promise<void> {
  return delivery.besideWatch(
    (async function* () {
      await between();
      yield* objects;
    })(),
  );
}

function states(): readonly string[] {
  return [...consumer.objects.values()]
    .map(identityOf)
    .map(({ name, uid, resourceVersion }) => `${name} ${uid} ${resourceVersion}`);
}

describe("a listing beside the watch", () => {
  it("gives unchanged objects once more", async () => {
    await pass([widget("anchor", 5)], { completely: true });
    consumer.calls.length = 0;
    await listing([widget("anchor", 5)]);
    expect(consumer.calls).toEqual(["upsert anchor"]);
  });

  it("gives objects whose versions have no order", async () => {
    await delivery.event("upsert", {
      ...widget("anchor", 0),
      metadata: { ...identity("anchor"), resourceVersion: "b" },
    });
    consumer.calls.length = 0;
    await listing([{ ...widget("anchor", 0), metadata: { ...identity("anchor"), resourceVersion: "a" } }]);
    expect(consumer.calls).toEqual(["upsert anchor"]);
  });

  it("begins when the pass that is under way has ended", async () => {
    const goOn = Promise.withResolvers<void>();
    const running = delivery.alone(async () => {
      delivery.beginPass();
      await delivery.listed(widget("anchor", 5));
      await goOn.promise;
      await delivery.endPass("relist");
    });
    let asked = false;
    const listed = listing([widget("anchor", 5)], async () => {
      asked = true;
    });
    await settle();
    expect(asked).toBe(false);
    goOn.resolve();
    await Promise.all([running, listed]);
    expect(consumer.calls).toEqual(["upsert anchor initial", "synced relist 1", "upsert anchor"]);
  });

  it("is overtaken by a pass that began after it and has ended", async () => {
    await listing([widget("anchor", 5), widget("bollard", 6)], () => pass([widget("anchor", 5)], { completely: true }));
    expect(states()).toEqual(["anchor uid-anchor 5"]);
    expect(consumer.calls).toEqual(["upsert anchor initial", "synced relist 1"]);
  });

  it("goes on where such a pass broke off, without going back behind what that gave", async () => {
    await listing([widget("anchor", 5), widget("bollard", 6), widget("capstan", 7, "uid-old")], () =>
      pass([widget("anchor", 8), widget("capstan", 9, "uid-new")], { completely: false }),
    );
    expect(states()).toEqual(["anchor uid-anchor 8", "capstan uid-new 9", "bollard uid-bollard 6"]);
  });

  it("leaves to the watch what an event has touched", async () => {
    await pass([widget("anchor", 5), widget("bollard", 6)], { completely: true });
    await listing([widget("anchor", 5), widget("bollard", 6)], () => delivery.event("delete", widget("anchor", 7)));
    expect(states()).toEqual(["bollard uid-bollard 6"]);
  });
});

function identity(name: string): RawObject {
  return { namespace: "shop", name, uid: `uid-${name}` };
}
