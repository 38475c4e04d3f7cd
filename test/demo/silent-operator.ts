/**
 * A saboteur: it starts like the operator, says that it is ready and serves metrics, but writes nothing at all. The demo
 * must notice. Run as `node silent-operator.ts operator --metrics-address=HOST:PORT --health-address=HOST:PORT …`.
 */
import { createServer, type RequestListener, type Server } from "node:http";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  strict: false,
  allowPositionals: true,
  options: { "metrics-address": { type: "string" }, "health-address": { type: "string" } },
});

function serve(address: string, answer: RequestListener): Server {
  const [host, port] = address.split(":");
  return createServer(answer).listen(Number(port), host);
}

const servers = [
  serve(String(values["metrics-address"]), (_, response) => response.end("pawl_leader 1\n")),
  serve(String(values["health-address"]), (_, response) => response.end("ok\n")),
];
console.log("the silent operator says that it is ready");
process.once("SIGTERM", () => {
  for (const server of servers) server.close();
});
