import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { KubeClient } from "../../src/kube/client.ts";
import { ExpiredError, ForbiddenError, MalformedResponseError, ServerError } from "../../src/kube/errors.ts";
import { identityOf } from "../../src/kube/object.ts";
import type { ListEvent, ListOptions } from "../../src/kube/paged-list.ts";
import type { HttpTransport } from "../../src/kube/transport.ts";
import { FakeApiServer, refuse, reply, times, WIDGET } from "./fake-api-server.ts";
import { clientOver, transportTo } from "./fake-cluster.ts";

let server: FakeApiServer;
let transport: HttpTransport;
let client: KubeClient;
const waits: number[] = [];

beforeEach(async () => {
  server = await FakeApiServer.start();
  waits.length = 0;
  const clock = {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    after: (ms: number, task: () => void) => {
      waits.push(ms);
      // Deadlines stay what they are, pauses are cut short.
      const timer = setTimeout(task, ms > 15_000 ? ms : 1);
      return () => clearTimeout(timer);
    },
  };
  transport = transportTo(server.url);
  client = clientOver(transport, clock);
  for (let i = 1; i <= 7; i++) server.put(`widget-${i}`);
});

afterEach(async () => {
  await transport.close();
  await server.close();
});

async function read(options: ListOptions = {}): Promise<{ names: string[]; resets: number; version: string }> {
  let names: string[] = [];
  let resets = 0;
  let version = "";
  for await (const event of client.list(WIDGET, { pageSize: 3, ...options })) {
    if (event.type === "item") names.push(identityOf(event.object).name);
    else if (event.type === "end") version = event.resourceVersion;
    else if (event.type === "reset") {
      resets += 1;
      names = [];
    }
  }
  return { names, resets, version };
}

const ALL = Array.from({ length: 7 }, (_, i) => `widget-${i + 1}`);

describe("a paged list", () => {
  it("asks for page after page and ends with the version to watch from", async () => {
    expect(await read()).toEqual({ names: ALL, resets: 0, version: "107" });
    expect(server.requests.map(({ query }) => [query.get("limit"), query.get("continue")])).toEqual([
      ["3", null],
      ["3", "3"],
      ["3", "6"],
    ]);
  });

  it("never asks for more than 500 objects at once", async () => {
    await read({ pageSize: 10_000 });
    expect(server.requests[0]?.query.get("limit")).toBe("500");
  });

  it("asks for metadata only when nobody needs more", async () => {
    await read({ metadataOnly: true });
    expect(server.requests[0]?.headers.accept).toContain("as=PartialObjectMetadataList");
  });

  it("begins anew when its page token has expired, and says so", async () => {
    server.faults.push(
      times(
        1,
        ({ query }) => query.get("continue") === "3",
        (_, response) => void refuse(response, 410, "Expired"),
      ),
    );
    expect(await read()).toEqual({ names: ALL, resets: 1, version: "107" });
  });

  it("gives up when page tokens expire again and again", async () => {
    server.faults.push(({ query }, response) => query.get("continue") === "3" && refuse(response, 410, "Expired"));
    await expect(read()).rejects.toThrow(ExpiredError);
    expect(server.requests).toHaveLength(6);
  });

  it("refuses to go round in circles when a page token comes twice", async () => {
    server.faults.push((_, response) => reply(response, 200, { metadata: { continue: "again" }, items: [] }));
    await expect(read()).rejects.toThrow(MalformedResponseError);
    expect(server.requests).toHaveLength(2);
  });

  it("asks again for a page whose body is cut short", async () => {
    server.faults.push(
      times(
        1,
        ({ query }) => query.get("continue") === "3",
        (_, response) => {
          response.writeHead(200, { "content-type": "application/json" });
          response.write('{"metadata":{},"items":[{"metadata":{"name":"half"}},{"meta', () => response.destroy());
        },
      ),
    );
    const { names } = await read();
    expect(names.filter((name) => name !== "half")).toEqual(ALL);
  });

  it("asks again for a page that ends early although the connection is in order", async () => {
    server.faults.push(
      times(
        1,
        () => true,
        (_, response) => void response.writeHead(200, { "content-type": "application/json" }).end('{"items":['),
      ),
    );
    expect((await read()).names).toEqual(ALL);
  });

  it("asks again for a page of another content type", async () => {
    server.faults.push(
      times(
        1,
        () => true,
        (_, response) => void response.writeHead(200, { "content-type": "text/html" }).end("<p>"),
      ),
    );
    expect((await read()).names).toEqual(ALL);
  });

  it("waits as long as a throttling server asks for", async () => {
    server.faults.push(
      times(
        1,
        () => true,
        (_, response) => void refuse(response, 429, "TooManyRequests", "", { "retry-after": "7" }),
      ),
    );
    expect((await read()).names).toEqual(ALL);
    expect(waits).toContain(7000);
  });

  it("outlives a burst of server errors", async () => {
    server.faults.push(
      times(
        4,
        () => true,
        (_, response) => void refuse(response, 503, "ServiceUnavailable"),
      ),
    );
    expect((await read()).names).toEqual(ALL);
  });

  it("gives up when the server keeps failing", async () => {
    server.faults.push((_, response) => refuse(response, 500, "InternalError"));
    await expect(read()).rejects.toThrow(ServerError);
    expect(server.requests).toHaveLength(5);
  });

  it("does not repeat what is forbidden", async () => {
    server.faults.push((_, response) => refuse(response, 403, "Forbidden"));
    await expect(read()).rejects.toThrow(ForbiddenError);
    expect(server.requests).toHaveLength(1);
  });

  it("refuses an answer that is an object, but no list", async () => {
    server.faults.push((_, response) => reply(response, 200, { kind: "Widget" }));
    await expect(read()).rejects.toThrow(MalformedResponseError);
  });

  it("stops between pages when it is told to", async () => {
    const stop = new AbortController();
    const events: ListEvent[] = [];
    const reading = (async () => {
      for await (const event of client.list(WIDGET, { pageSize: 3, signal: stop.signal })) {
        events.push(event);
        if (events.length === 3) stop.abort(new Error("enough"));
      }
    })();
    await expect(reading).rejects.toThrow("enough");
  });
});
