/** A process that owns a control plane and waits to be killed: prints one line of JSON when it is up. */
import { startControlPlane } from "../../tools/control-plane/index.ts";
import { identify } from "../../tools/control-plane/process-identity.ts";

const plane = await startControlPlane();
const processes = [plane.etcd, plane.apiServer, plane.controllerManager].flatMap((part) =>
  part?.pid === undefined ? [] : [identify(part.pid)],
);
process.stdout.write(`${JSON.stringify({ dir: plane.dir, processes })}\n`);
