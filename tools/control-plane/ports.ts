import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/**
 * Ports are looked for below the range from which the system takes the source ports of outgoing connections. A part
 * keeps its port while it is down, and a port of that range could be taken in between by any client on the machine,
 * even by one that is dialling that very port.
 */
const LOWEST = 10_000;

/**
 * Processes that look for ports at the same time look for different ones, each in a share of its own: between being found free and being
 * listened on, a port could be found free by the neighbour too.
 */
const shares = 32;

/** Ports handed out by this process: two control planes that start together must not be given the same. */
const handedOut = new Set<number>();

/** A TCP port that was free on the loopback address a moment ago. */
export async function freePort(): Promise<number> {
  const highest = lowestSourcePort() - 1;
  const share = Math.floor((highest - LOWEST + 1) / shares);
  for (let tries = 0; tries < 200; tries++) {
    const port = LOWEST + (process.pid % shares) + shares * Math.floor(Math.random() * share);
    // What was handed out long ago is free again by now, in a process that needs more ports than its share has.
    if (handedOut.size >= share / 2) handedOut.clear();
    if (handedOut.has(port) || !(await isFree(port))) continue;
    handedOut.add(port);
    return port;
  }
  throw new Error(`no free TCP port found between ${LOWEST} and ${highest} on 127.0.0.1 in 200 tries`);
}

/** Whether a server could listen on that port of the loopback address now. */
export async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen({ port, host: "127.0.0.1", exclusive: true });
    await once(server, "listening");
    return true;
  } catch (error) {
    if (["EADDRINUSE", "EACCES"].includes((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw error;
  } finally {
    if (server.listening) {
      server.close();
      await once(server, "close");
    }
  }
}

/** Waits until the port is free: the sockets of a process that has just ended may linger for a moment. */
export async function becomesFree(port: number, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (!(await isFree(port))) {
    if (performance.now() > deadline) return false;
    await delay(50);
  }
  return true;
}

function lowestSourcePort(): number {
  const usual = 32_768;
  try {
    const lowest = Number(readFileSync("/proc/sys/net/ipv4/ip_local_port_range", "utf8").split(/\s+/)[0]);
    return lowest > LOWEST + 1_000 ? lowest : usual;
  } catch {
    // Systems without /proc start that range above 32768.
    return usual;
  }
}
