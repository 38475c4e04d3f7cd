/**
 * A saboteur: it starts like the operator, says that it is ready and serves metrics, but writes nothing at all. The demo
 * must notice. Run as `node silent-operator.ts operator --listen=HOST:PORT …`.
 */
import { createServer } from "node:http";
import { parseArgs } from "node:util";

const { values } = parseArgs({ strict: false, allowPositionals: true, options: { listen: { type: "string" } } });
const [host, port] = String(values.listen).split(":");

const server = createServer((request, response) => {
  if (request.url === "/metrics") response.end("# HELP pawl_leader Whether this one leads.\npawl_leader 1\n");
  else response.end("ok\n");
});
server.listen(Number(port), host, () => console.log("silent operator is listening"));
process.once("SIGTERM", () => server.close());
