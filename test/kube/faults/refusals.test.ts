import { describe } from "vitest";
import { isResume, isWatch, refuse, times } from "../fake-api-server.ts";
import { changeUnheard, expireHistory, fault } from "./fault.ts";

const anything = (): boolean => true;

describe("a server", () => {
  fault(
    'that has forgotten the history of a running watch is listed anew, shown by pawl_watch_restarts_total{reason="expired"}',
    { withinSeconds: 60, requests: 2 },
    ({ server }) => {
      changeUnheard(server);
      expireHistory(server);
    },
  );

  fault(
    'that has forgotten where a watch resumes is listed anew, shown by pawl_watch_restarts_total{reason="expired"}',
    { withinSeconds: 60, requests: 4 },
    ({ server }) => {
      changeUnheard(server);
      server.compact();
      server.cutWatches();
    },
  );

  fault(
    'that asks to wait is given that time, shown by pawl_watch_restarts_total{reason="throttled"}',
    { withinSeconds: 90, requests: 6 },
    ({ server }) => {
      server.faults.push(
        times(
          2,
          isWatch,
          (_, response) => void refuse(response, 429, "TooManyRequests", "wait", { "retry-after": "7" }),
        ),
      );
      server.cutWatches();
      changeUnheard(server);
    },
  );

  fault(
    'that fails in a burst is asked less and less often, shown by pawl_watch_restarts_total{reason="error"}',
    { withinSeconds: 240, requests: 14 },
    ({ server }) => {
      server.faults.push(times(9, anything, (_, response) => void refuse(response, 503, "ServiceUnavailable")));
      server.cutWatches();
      changeUnheard(server);
    },
  );

  fault(
    'that never lets a watch resume is listed anew, shown by pawl_watch_restarts_total{reason="error"}',
    { withinSeconds: 60, requests: 8 },
    ({ server }) => {
      server.faults.push((seen, response) => isResume(seen) && refuse(response, 500, "InternalError"));
      server.cutWatches();
      changeUnheard(server);
    },
  );

  fault(
    'that ends every watch at once is asked less and less often, shown by pawl_watch_restarts_total{reason="error"}',
    { withinSeconds: 180, requests: 20 },
    ({ server }) => {
      server.faults.push(
        times(7, isResume, (_, response) => void response.writeHead(200, { "content-type": "application/json" }).end()),
      );
      server.endWatches();
      changeUnheard(server);
    },
  );

  fault(
    'that takes the right to read away and gives it back is read again, shown by pawl_watch_restarts_total{reason="forbidden"}',
    { withinSeconds: 150, requests: 12 },
    ({ server }) => {
      server.faults.push(times(6, anything, (_, response) => void refuse(response, 403, "Forbidden")));
      server.cutWatches();
      changeUnheard(server);
    },
  );

  fault(
    'that does not know the kind for a while is listed anew, shown by pawl_watch_restarts_total{reason="not-served"}',
    { withinSeconds: 150, requests: 12 },
    ({ server }) => {
      server.faults.push(times(5, anything, (_, response) => void refuse(response, 404, "NotFound")));
      server.cutWatches();
      changeUnheard(server);
    },
  );
});
