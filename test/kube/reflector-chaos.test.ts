import fc from "fast-check";
import { expect, it } from "vitest";
import { FakeApiServer, isInitial, isResume, refuse, times } from "./fake-api-server.ts";
import { clientOver, converged, RecordingConsumer, reflect, transportTo } from "./fake-cluster.ts";

/** What happens in the cluster, to the connection, and to the server. */
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant("put" as const), name: fc.constantFrom("a", "b", "c", "d", "e") }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("remove" as const), name: fc.constantFrom("a", "b", "c", "d", "e") }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("settle" as const) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom(
        "cut" as const,
        "cut-inside" as const,
        "end" as const,
        "compact" as const,
        "garbage" as const,
        "bookmark" as const,
        "fall-silent" as const,
        "speak-again" as const,
        "refuse-initial" as const,
        "refuse-resume" as const,
        "relist" as const,
        "list-namespace" as const,
      ),
    }),
  },
);

/** A connection that has swallowed events is of no use any more. */
function speak(server: FakeApiServer): void {
  if (!server.silent) return;
  server.silent = false;
  server.cutWatches();
}

it("whatever breaks in whatever order, a reflector ends up with what exists", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const server = await FakeApiServer.start();
      const transport = transportTo(server.url);
      const consumer = new RecordingConsumer();
      const present = new Set<string>();
      const asked: Promise<unknown>[] = [];
      {
        await using running = reflect(clientOver(transport), consumer, {
          timing: { backoffBaseMs: 1, backoffCapMs: 5, silenceMs: 50 },
        });
        for (const next of steps) {
          if (next.do === "put") {
            server.put(next.name);
            present.add(next.name);
          } else if (next.do === "remove") {
            if (present.delete(next.name)) server.remove(next.name);
          } else if (next.do === "cut") server.cutWatches();
          else if (next.do === "cut-inside") server.cutWatches('{"type":"MODIFIED","object":{"metad');
          else if (next.do === "end") server.endWatches();
          else if (next.do === "compact") server.compact();
          else if (next.do === "garbage") server.sendLine("<html>");
          else if (next.do === "bookmark") server.bookmark();
          else if (next.do === "fall-silent") server.silent = true;
          else if (next.do === "speak-again") speak(server);
          else if (next.do === "refuse-initial")
            server.faults.push(times(2, isInitial, (_, response) => void refuse(response, 503, "ServiceUnavailable")));
          else if (next.do === "refuse-resume")
            server.faults.push(times(2, isResume, (_, response) => void response.destroy()));
          else if (next.do === "relist") asked.push(running.reflector.relist().catch(() => undefined));
          else if (next.do === "list-namespace") asked.push(running.reflector.listNamespace("shop"));
          else if (!server.silent) await converged(server, consumer);
          await new Promise((resolve) => setImmediate(resolve));
        }
        speak(server);
        await converged(server, consumer);
        expect(running.reflector.status.stale).toBeNull();
        expect(running.reflector.status.objects).toBe(server.objects.length);
      }
      await Promise.allSettled(asked);
      await transport.close();
      await server.close();
    }),
    { numRuns: 150, endOnFailure: true },
  );
}, 120_000);
