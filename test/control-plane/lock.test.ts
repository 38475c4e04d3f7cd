import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { withLock } from "../../tools/control-plane/lock.ts";
import { identify, isAlive } from "../../tools/control-plane/process-identity.ts";

/** Far longer than it ever takes: a loaded machine must not fail a test. */
const PATIENT = { timeout: 30_000, interval: 10 };

const OWNER = fileURLToPath(new URL("./lock-owner.ts", import.meta.url));

let dir: string;
let lock: string;
let said: string[];
const options = () => ({ what: "a build", say: (line: string) => said.push(line), pollMs: 5, sayEveryMs: 20 });

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "pawl-lock-"));
  lock = join(dir, "build.lock");
  said = [];
});

afterEach(() => rmSync(dir, { recursive: true }));

/** A process that has taken the lock and keeps it. */
async function startOwner() {
  const owner = spawn(process.execPath, [OWNER, lock], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  await once(createInterface({ input: owner.stdout }), "line");
  return owner;
}

describe("a lock", () => {
  test("is there while the work runs and gone afterwards, whatever the outcome", async () => {
    const there = await withLock(lock, options(), () => Promise.resolve(existsSync(lock)));
    expect(there).toBe(true);
    await expect(withLock(lock, options(), () => Promise.reject(new Error("work failed")))).rejects.toThrow(
      "work failed",
    );
    expect(readdirSync(dir)).toEqual([]);
  });

  test("lets one work at a time", async () => {
    let inside = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++inside);
      await new Promise(setImmediate);
      inside--;
    };
    await Promise.all(Array.from({ length: 12 }, () => withLock(lock, options(), work)));
    expect(most).toBe(1);
    expect(readdirSync(dir)).toEqual([]);
  });

  test("is waited for while its owner lives, which is said again and again", async () => {
    const owner = await startOwner();
    const order: string[] = [];
    const waiting = withLock(lock, options(), () => {
      order.push("waiter");
      return Promise.resolve();
    });
    await expect.poll(() => said.length, PATIENT).toBeGreaterThan(1);
    expect(said[0]).toBe(`waiting for process ${owner.pid} to finish: a build (0 s)`);
    order.push("owner");
    owner.stdin.end();
    await waiting;
    expect(order).toEqual(["owner", "waiter"]);
  });

  test("whose owner was killed is taken over", async () => {
    const owner = await startOwner();
    owner.kill("SIGKILL");
    await once(owner, "exit");
    expect(existsSync(lock)).toBe(true);
    await expect(withLock(lock, options(), () => Promise.resolve("done"))).resolves.toBe("done");
    expect(said).toEqual([`taking over a build: its owner, process ${owner.pid}, is gone`]);
  });

  test("that is stale is taken over by one of many waiters at a time", async () => {
    const owner = await startOwner();
    owner.kill("SIGKILL");
    await once(owner, "exit");
    let inside = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++inside);
      await new Promise(setImmediate);
      inside--;
    };
    await Promise.all(Array.from({ length: 12 }, () => withLock(lock, options(), work)));
    expect(most).toBe(1);
  });

  test.skipIf(process.platform !== "linux")(
    "whose process id now belongs to another process is taken over",
    async () => {
      writeFileSync(lock, JSON.stringify({ pid: process.pid, started: "1" }));
      await expect(withLock(lock, options(), () => Promise.resolve("done"))).resolves.toBe("done");
    },
  );

  test.each(["", "garbage", "{}", "null"])("file that names no process (%j) is taken over", async (content) => {
    writeFileSync(lock, content);
    await expect(withLock(lock, options(), () => Promise.resolve("done"))).resolves.toBe("done");
    expect(said).toEqual(["taking over a build: its owner is gone"]);
  });

  test("names its owner", async () => {
    const content = await withLock(lock, options(), () => Promise.resolve(readFileSync(lock, "utf8")));
    expect(JSON.parse(content)).toEqual(identify());
  });
});

describe("a process identity", () => {
  test("is alive while that process runs and dead afterwards", async () => {
    const child = spawn("sleep", ["60"]);
    const identity = identify(child.pid);
    expect(isAlive(identity)).toBe(true);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(isAlive(identity)).toBe(false);
  });

  test.skipIf(process.platform !== "linux")("is dead as a zombie, which nobody has waited for", async () => {
    // The shell's background child ends and stays a zombie, because the shell has become a sleep that never waits.
    const shell = spawn("sh", ["-c", "sh -c 'exit 0' & echo $!; exec sleep 60"]);
    const [pid] = (await once(createInterface({ input: shell.stdout }), "line")) as [string];
    await expect.poll(() => isAlive({ pid: Number(pid) }), PATIENT).toBe(false);
    shell.kill("SIGKILL");
  });
});
