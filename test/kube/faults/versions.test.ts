import { describe, expect } from "vitest";
import { stateOf } from "../fake-cluster.ts";
import { changeUnheard, eventually, fault } from "./fault.ts";

describe("versions", () => {
  fault(
    'that go back as after a restore of etcd mean that all is listed anew, shown by pawl_watch_restarts_total{reason="error"}',
    { withinSeconds: 60, requests: 4 },
    async ({ server, consumer }) => {
      const backup = { version: server.version, objects: [...server.objects] };
      for (let i = 0; i < 20; i++) server.put("davit", { i });
      await eventually(() => expect(consumer.state).toEqual(stateOf(server.objects)));
      server.restore(backup.version, backup.objects);
      server.cutWatches();
    },
  );

  fault(
    'that go back while the watch is silent mean that all is listed anew, shown by pawl_watch_restarts_total{reason="silent"}',
    { withinSeconds: 260, requests: 4 },
    async ({ server, consumer }) => {
      const backup = { version: server.version, objects: [...server.objects] };
      for (let i = 0; i < 20; i++) server.put("davit", { i });
      await eventually(() => expect(consumer.state).toEqual(stateOf(server.objects)));
      server.restore(backup.version, backup.objects);
    },
  );

  fault(
    'that go back in a bookmark mean that all is listed anew, shown by pawl_watch_restarts_total{reason="error"}',
    { withinSeconds: 60, requests: 3 },
    ({ server }) => {
      changeUnheard(server);
      server.sendLine('{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"7"}}}');
    },
  );

  fault(
    'that go back in an event mean that all is listed anew, shown by pawl_watch_restarts_total{reason="error"}',
    { withinSeconds: 60, requests: 3 },
    ({ server }) => {
      const [old] = server.objects;
      changeUnheard(server);
      server.sendLine(JSON.stringify({ type: "MODIFIED", object: old }));
    },
  );
});
