import { describe } from "vitest";
import { isInitial, isResume, isWatch, times } from "../fake-api-server.ts";
import { changeUnheard, expireHistory, fault } from "./fault.ts";

describe("a watch", () => {
  fault(
    'whose connection is cut inside an object resumes where it was, shown by pawl_watch_restarts_total{reason="error"}',
    { withinSeconds: 60, requests: 3 },
    ({ server }) => {
      server.cutWatches('{"type":"ADDED","object":{"metadata":{"name":"dav');
      changeUnheard(server);
    },
  );

  fault(
    'that ends in order inside an object resumes where it was, shown by pawl_watch_restarts_total{reason="error"}',
    { withinSeconds: 60, requests: 3 },
    ({ server }) => {
      server.endWatches('{"type":"ADDED","object":{"metadata":{"name":"dav');
      changeUnheard(server);
    },
  );

  fault(
    'whose connection is cut again and again goes on in the end, shown by pawl_watch_restarts_total{reason="error"}',
    { withinSeconds: 180, requests: 20 },
    ({ server }) => {
      server.faults.push(times(8, isWatch, (_, response) => void response.destroy()));
      server.cutWatches();
      changeUnheard(server);
    },
  );

  fault(
    'that goes silent is opened anew, shown by pawl_watch_restarts_total{reason="silent"}',
    { withinSeconds: 260, requests: 3 },
    ({ server }) => changeUnheard(server),
  );

  fault(
    'that goes silent at a server that answers nobody any more waits for it, shown by pawl_watch_restarts_total{reason="silent"}',
    { withinSeconds: 330, requests: 10 },
    ({ server }) => {
      server.faults.push(
        times(
          4,
          () => true,
          (_, response) => void response.destroy(),
        ),
      );
      changeUnheard(server);
    },
  );

  fault(
    'that is answered with another content type is asked for again, shown by pawl_watch_restarts_total{reason="error"}',
    { withinSeconds: 60, requests: 4 },
    ({ server }) => {
      server.faults.push(
        times(1, isResume, (_, response) => {
          response.writeHead(200, { "content-type": "text/html" }).end("<html>please log in</html>");
        }),
      );
      server.cutWatches();
      changeUnheard(server);
    },
  );

  fault(
    'that sends what is no JSON resumes where it was, shown by pawl_watch_restarts_total{reason="error"}',
    { withinSeconds: 60, requests: 3 },
    ({ server }) => {
      server.sendLine('{"type":"ADDED","object":');
      changeUnheard(server);
    },
  );

  fault(
    'that sends an event of an unknown type resumes where it was, shown by pawl_watch_restarts_total{reason="error"}',
    { withinSeconds: 60, requests: 3 },
    ({ server }) => {
      server.sendLine('{"type":"RENAMED","object":{"metadata":{"name":"anchor"}}}');
      changeUnheard(server);
    },
  );
});

describe("initial events", () => {
  fault(
    'that break off inside an object begin again, shown by pawl_watch_restarts_total{reason="error"}',
    { withinSeconds: 60, requests: 3 },
    ({ server }) => {
      server.faults.push(
        times(1, isInitial, (_, response) => {
          response.writeHead(200, { "content-type": "application/json" });
          response.write('{"type":"ADDED","object":{"metadata":{"name":"capst', () => response.destroy());
        }),
      );
      changeUnheard(server);
      expireHistory(server);
    },
  );

  fault(
    'that break off twice give way to pages, shown by pawl_watch_restarts_total{reason="error"}',
    { withinSeconds: 60, requests: 6 },
    ({ server }) => {
      server.faults.push((seen, response) => {
        if (!isInitial(seen)) return false;
        response.writeHead(200, { "content-type": "application/json" });
        response.write('{"type":"ADDED","obj', () => response.destroy());
        return true;
      });
      changeUnheard(server);
      expireHistory(server);
    },
  );

  fault(
    'that drip without coming to an end give way to pages, shown by pawl_watch_restarts_total{reason="silent"}',
    { withinSeconds: 180, requests: 4 },
    ({ server }) => {
      server.faults.push(
        times(1, isInitial, (_, response) => {
          response.writeHead(200, { "content-type": "application/json" });
          response.write(`${JSON.stringify({ type: "ADDED", object: server.objects[0] })}\n{"type":"ADD`);
        }),
      );
      changeUnheard(server);
      expireHistory(server);
    },
  );

  fault(
    'whose closing bookmark is missing give way to pages, shown by pawl_watch_restarts_total{reason="silent"}',
    { withinSeconds: 90, requests: 4 },
    ({ server }) => {
      server.closingBookmark = false;
      changeUnheard(server);
      expireHistory(server);
    },
  );
});
