/**
 * The process between a control plane's owner and its parts. It runs in its own session, so that a Ctrl-C in the
 * owner's terminal does not reach the parts in random order, and it outlives the owner just long enough to end
 * every part and remove every file, even when the owner was killed with SIGKILL.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Notice, Order, SupervisorSettings } from "./supervisor-protocol.ts";

const settings = JSON.parse(process.argv[2] ?? "{}") as SupervisorSettings;
const dir = settings.dir ?? mkdtempSync(join(realpathSync(tmpdir()), "pawl-control-plane-"));

/** Running parts by name, in the order of their start. */
const running = new Map<string, { child: ChildProcess; gone: Promise<void> }>();
let ending: Promise<void> | undefined;

/** Everything a part needs is on its command line; a stray ETCD_NAME or HTTP_PROXY must not change a control plane. */
const { PATH = "", TMPDIR = tmpdir() } = process.env;
const environment = { PATH, TMPDIR };

function tell(notice: Notice, then: () => void = () => undefined): void {
  // The owner may be gone at any moment: its "disconnect" then does what is left to do.
  if (process.connected) process.send?.(notice, then);
}

function start(order: Order & { order: "start" }): Promise<number> {
  if (ending !== undefined) throw new Error(`${order.part} cannot start: the control plane is ending`);
  if (running.has(order.part)) throw new Error(`${order.part} runs already`);
  const log = openSync(order.logFile, "a");
  const child = spawn(order.command, order.args, { detached: true, env: environment, stdio: ["ignore", log, log] });
  closeSync(log);
  const { pid } = child;
  if (pid === undefined)
    return new Promise((_resolve, reject) => {
      child.once("error", reject);
    });
  const { promise: gone, resolve: leave } = Promise.withResolvers<void>();
  running.set(order.part, { child, gone });
  child.once("exit", (code, signal) => {
    running.delete(order.part);
    leave();
    tell({ notice: "exit", part: order.part, pid, code, signal });
  });
  return Promise.resolve(pid);
}

async function stop(part: string, graceMs: number): Promise<void> {
  const held = running.get(part);
  if (held === undefined) return;
  if (graceMs > 0) {
    held.child.kill("SIGTERM");
    // A paused process gets its SIGTERM only when it goes on.
    held.child.kill("SIGCONT");
    const timer = setTimeout(() => held.child.kill("SIGKILL"), graceMs);
    await held.gone;
    clearTimeout(timer);
    return;
  }
  held.child.kill("SIGKILL");
  await held.gone;
}

/** The API server must go before its etcd: without etcd it does not end on SIGTERM for minutes. Newest first does that. */
function end(graceMs: number): Promise<void> {
  ending ??= (async () => {
    for (const part of [...running.keys()].reverse()) await stop(part, graceMs);
    if (settings.dir === undefined) rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  })();
  return ending;
}

async function endAndExit(code: number): Promise<never> {
  await end(0);
  process.exit(code);
}

async function obey(order: Order): Promise<Notice> {
  switch (order.order) {
    case "start":
      return { notice: "done", id: order.id, pid: await start(order) };
    case "signal": {
      const held = running.get(order.part);
      if (held === undefined) throw new Error(`${order.part} does not run`);
      held.child.kill(order.signal);
      return { notice: "done", id: order.id };
    }
    case "stop":
      await stop(order.part, order.graceMs);
      return { notice: "done", id: order.id };
    case "end":
      await end(order.graceMs);
      return { notice: "done", id: order.id };
  }
}

process.on("message", (message) => {
  const order = message as Order;
  obey(order).then(
    (notice) => {
      tell(notice, () => order.order === "end" && process.disconnect());
    },
    (error: unknown) => tell({ notice: "failed", id: order.id, reason: String(error) }),
  );
});
process.once("disconnect", () => void endAndExit(0));
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.once(signal, () => void endAndExit(0));
process.once("uncaughtException", () => void endAndExit(1));

tell({ notice: "hello", dir });
