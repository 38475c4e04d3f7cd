import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { metadataOf, type RawObject } from "../../src/kube/object.ts";
import type { HttpTransport } from "../../src/kube/transport.ts";
import { ensure, isInPlace, type WriteResult } from "../../src/kube/writes.ts";
import { FakeApiServer, WIDGET } from "./fake-api-server.ts";
import { clientOver, transportTo } from "./fake-cluster.ts";
import { FakeObjects } from "./fake-objects.ts";

const metadata = ({ object }: WriteResult): RawObject => metadataOf(object ?? {});

let server: FakeApiServer;
let objects: FakeObjects;
let transport: HttpTransport;

beforeEach(async () => {
  server = await FakeApiServer.start();
  objects = new FakeObjects();
  server.faults.push(objects.serve);
  transport = transportTo(server.url);
});

afterEach(async () => {
  await transport.close();
  await server.close();
});

function widget(more: RawObject = {}, metadata: RawObject = {}): RawObject {
  return {
    apiVersion: "fake.example/v1",
    kind: "Widget",
    metadata: { namespace: "shop", name: "anchor", labels: { app: "shop" }, ...metadata },
    spec: { size: 1, tags: ["a", "b"] },
    ...more,
  };
}

function write(previous: RawObject | null, desired: RawObject): Promise<WriteResult> {
  return ensure({ client: clientOver(transport), type: WIDGET, previous, desired });
}

async function created(): Promise<RawObject> {
  const { object } = await write(null, widget());
  if (object === null) throw new Error("not created");
  return object;
}

describe("ensure", () => {
  it("creates what is not there", async () => {
    expect((await write(null, widget())).outcome).toBe("created");
  });

  it("writes nothing when nothing differs, whatever the order of fields", async () => {
    const previous = await created();
    const { spec, metadata, kind, apiVersion } = widget();
    expect(await write(previous, { spec, metadata, kind, apiVersion })).toEqual({
      outcome: "unchanged",
      object: previous,
    });
    expect(server.requests).toHaveLength(1);
  });

  it("updates what differs, and removes a field that is not desired any more", async () => {
    const previous = await created();
    const result = await write(previous, widget({ spec: { size: 2 } }));
    expect(result.outcome).toBe("updated");
    expect(result.object?.spec).toEqual({ size: 2 });
    const { outcome, object } = await write(result.object, widget({ spec: undefined }));
    expect(outcome).toBe("updated");
    expect(object).not.toHaveProperty("spec");
  });

  it("takes another order of a list for a difference", async () => {
    const previous = await created();
    expect((await write(previous, widget({ spec: { size: 1, tags: ["b", "a"] } }))).outcome).toBe("updated");
  });

  it("keeps labels and annotations that others have added, and sets its own back", async () => {
    const first = await created();
    const edited = { ...first, metadata: { ...(first.metadata as RawObject), labels: { app: "else", team: "blue" } } };
    const result = await write(edited, widget());
    expect(result.outcome).toBe("updated");
    expect(metadata(result).labels).toEqual({ app: "shop", team: "blue" });
  });

  it("replaces owners as a whole where it names some", async () => {
    const first = await created();
    const owners = [{ apiVersion: "v1", kind: "Policy", name: "production", uid: "1" }];
    const result = await write(first, widget({}, { ownerReferences: owners }));
    expect(metadata(result).ownerReferences).toEqual(owners);
    expect((await write(result.object, widget())).outcome).toBe("unchanged");
  });

  it("leaves the status alone where it is not desired", async () => {
    const first = await created();
    const withStatus = { ...first, status: { ready: true } };
    expect(isInPlace(withStatus, widget())).toBe(true);
    expect(isInPlace(withStatus, widget({ status: { ready: false } }))).toBe(false);
  });

  it("is a conflict when somebody else has written in between", async () => {
    const first = await created();
    await write(first, widget({ spec: { size: 5 } }));
    expect(await write(first, widget({ spec: { size: 6 } }))).toEqual({ outcome: "conflict", object: null });
  });

  it("is a conflict when the object appeared or went in between", async () => {
    const first = await created();
    expect((await write(null, widget({ spec: { size: 6 } }))).outcome).toBe("conflict");
    objects.byPath.clear();
    expect((await write(first, widget({ spec: { size: 6 } }))).outcome).toBe("conflict");
  });
});
