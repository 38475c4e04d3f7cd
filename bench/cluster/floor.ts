/**
 * A process that reads what the operator reads, over the same transport, parses it, and drops it: what a scan cannot cost less than.
 * Started by `floor-process.ts`; each message of the parent asks for one pass over all kinds.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import { connect } from "./connection.ts";
import type { FloorPass } from "./floor-process.ts";

/** As many kinds at once as the operator reads. */
const atOnce = 4;

const [kubeconfig = "", ...kinds] = process.argv.slice(2);
const { client, types, [Symbol.asyncDispose]: close } = await connect(kubeconfig);
const stop = new AbortController();

process.on("message", () => void pass().then((done) => process.send?.(done)));
process.on("disconnect", () => {
  stop.abort();
  void close();
});
process.send?.("ready");

async function pass(): Promise<FloorPass> {
  const startedAt = performance.now();
  const before = process.cpuUsage();
  const left = kinds.values();
  const counts = await Promise.all(
    Array.from({ length: atOnce }, async () => {
      let objects = 0;
      for (const kind of left) objects += await readAll(kind);
      return objects;
    }),
  );
  const { user, system } = process.cpuUsage(before);
  return {
    objects: counts.reduce((sum, count) => sum + count, 0),
    cpuSeconds: (user + system) / 1e6,
    wallSeconds: (performance.now() - startedAt) / 1000,
  };
}

/** A watch that begins with everything that exists, as the operator's do. */
async function readAll(kind: string): Promise<number> {
  const type = types.get(kind);
  if (type === undefined) throw new Error(`${kind} is not served`);
  const stream = await client.watch(type, {
    start: { initialEvents: true },
    timeoutSeconds: 300,
    silenceMs: 60_000,
    signal: stop.signal,
  });
  try {
    for (let objects = 0; ; objects++) {
      const event = await stream.next();
      if (event === null) throw new Error(`${kind}: the watch ended before it had shown everything`);
      if (event.type === "initial-end") return objects;
      if (objects % 100 === 0) await nextTurn();
    }
  } finally {
    stream.close();
  }
}
