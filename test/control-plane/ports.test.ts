import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { describe, expect, test } from "vitest";
import { becomesFree, freePort, isFree } from "../../tools/control-plane/ports.ts";

async function listen() {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, port: (server.address() as AddressInfo).port };
}

describe("free ports", () => {
  test("are free, and none is handed out twice", async () => {
    const ports = await Promise.all(Array.from({ length: 20 }, freePort));
    expect(new Set(ports).size).toBe(20);
    expect(await Promise.all(ports.map(isFree))).not.toContain(false);
  });

  test("a process that needs more of them than there are for it is given old ones again", async () => {
    for (let port = 0; port < 1_000; port++) expect(await freePort()).toBeGreaterThanOrEqual(10_000);
  });

  test.skipIf(process.platform !== "linux")("are none that outgoing connections may take as their source", async () => {
    const lowest = Number(readFileSync("/proc/sys/net/ipv4/ip_local_port_range", "utf8").split(/\s+/)[0]);
    const ports = await Promise.all(Array.from({ length: 50 }, freePort));
    expect(Math.max(...ports)).toBeLessThan(lowest);
  });
});

describe("a port that is listened on", () => {
  test("is not free", async () => {
    const { server, port } = await listen();
    expect(await isFree(port)).toBe(false);
    expect(await becomesFree(port, 0)).toBe(false);
    server.close();
  });

  test("is waited for until it becomes free", async () => {
    const { server, port } = await listen();
    const waiting = becomesFree(port, 60_000);
    server.close();
    expect(await waiting).toBe(true);
  });
});
