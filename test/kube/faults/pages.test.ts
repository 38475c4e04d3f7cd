import type { ServerResponse } from "node:http";
import { describe } from "vitest";
import { type FakeApiServer, isList, refuse, reply, type Seen, times } from "../fake-api-server.ts";
import { changeUnheard, expireHistory, fault, type Scene } from "./fault.ts";

const inPages: Scene = { listing: "pages" };

const isPage = (seen: Seen): boolean => isList(seen) && seen.query.get("limit") === "500";
const isLaterPage = (seen: Seen): boolean => isPage(seen) && seen.query.get("continue") !== null;

/** The next pages that fit are answered like this; then all is listed anew, since when one object was deleted unheard. */
function strike(
  server: FakeApiServer,
  count: number,
  fits: (seen: Seen) => boolean,
  answer: (seen: Seen, response: ServerResponse) => void,
): void {
  server.faults.push(times(count, fits, answer));
  changeUnheard(server);
  expireHistory(server);
}

describe("a list in pages", () => {
  fault(
    'whose body is cut short is asked for that page again, shown by pawl_watch_restarts_total{reason="error"}',
    { withinSeconds: 60, requests: 6 },
    ({ server }) =>
      strike(server, 1, isLaterPage, (_, response) => {
        response.writeHead(200, { "content-type": "application/json" });
        response.write('{"kind":"WidgetList","metadata":{"resourceVersion":"1"},"items":[{"metadata":{"na', () =>
          response.destroy(),
        );
      }),
    inPages,
  );

  fault(
    'whose body ends early although the connection is in order is asked for that page again, shown by pawl_watch_restarts_total{reason="error"}',
    { withinSeconds: 60, requests: 6 },
    ({ server }) =>
      strike(server, 1, isLaterPage, (_, response) => {
        response.writeHead(200, { "content-type": "application/json" }).end('{"kind":"WidgetList","items":[');
      }),
    inPages,
  );

  fault(
    'that comes as another content type is asked for that page again, shown by pawl_watch_restarts_total{reason="error"}',
    { withinSeconds: 60, requests: 6 },
    ({ server }) =>
      strike(server, 1, isPage, (_, response) => {
        response.writeHead(200, { "content-type": "text/html" }).end("<html>please log in</html>");
      }),
    inPages,
  );

  fault(
    'whose page token comes twice is begun anew, shown by pawl_watch_restarts_total{reason="error"}',
    { withinSeconds: 60, requests: 10 },
    ({ server }) =>
      strike(server, 1, isLaterPage, ({ query }, response) => {
        const metadata = { resourceVersion: String(server.version), continue: query.get("continue") };
        reply(response, 200, { kind: "WidgetList", metadata, items: [] });
      }),
    inPages,
  );

  fault(
    'whose page token has expired is begun anew, shown by pawl_watch_restarts_total{reason="expired"}',
    { withinSeconds: 60, requests: 8 },
    ({ server }) => strike(server, 1, isLaterPage, (_, response) => void refuse(response, 410, "Expired")),
    inPages,
  );

  fault(
    'whose body drips is given up after two minutes and asked for again, shown by pawl_watch_restarts_total{reason="error"}',
    { withinSeconds: 260, requests: 6 },
    ({ server }) =>
      strike(server, 1, isLaterPage, (_, response) => {
        response.writeHead(200, { "content-type": "application/json" });
        response.write('{"kind":"WidgetList","items":[');
        const drip = setInterval(() => response.write(" "), 50);
        response.on("close", () => clearInterval(drip));
      }),
    inPages,
  );

  fault(
    'that the server asks to wait for is given that time, shown by pawl_watch_restarts_total{reason="throttled"}',
    { withinSeconds: 90, requests: 7 },
    ({ server }) =>
      strike(
        server,
        2,
        isLaterPage,
        (_, response) => void refuse(response, 429, "TooManyRequests", "wait", { "retry-after": "7" }),
      ),
    inPages,
  );

  fault(
    'that fails in a burst is asked for again, shown by pawl_watch_restarts_total{reason="error"}',
    { withinSeconds: 90, requests: 9 },
    ({ server }) => strike(server, 4, isLaterPage, (_, response) => void refuse(response, 503, "ServiceUnavailable")),
    inPages,
  );
});
