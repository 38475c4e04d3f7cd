import { linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { identify, isAlive, type ProcessIdentity } from "./process-identity.ts";
import type { Say } from "./progress.ts";

export interface LockOptions {
  /** What the lock is for, as a noun: "build of Kubernetes 1.36.3". */
  readonly what: string;
  readonly say: Say;
  readonly pollMs?: number;
  /** How often a waiter says that it waits. */
  readonly sayEveryMs?: number;
}

/**
 * Runs `work` while no other process runs work under the same lock file. The file holds the owner's process
 * identity, so a lock whose owner died is taken over at once, whatever ended it.
 */
export async function withLock<T>(path: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  const mine = JSON.stringify(identify());
  await acquire(path, mine, options);
  try {
    return await work();
  } finally {
    if (read(path) === mine) rmSync(path, { force: true });
  }
}

async function acquire(path: string, mine: string, options: LockOptions): Promise<void> {
  const { what, say, pollMs = 200, sayEveryMs = 15_000 } = options;
  mkdirSync(dirname(path), { recursive: true });
  const started = performance.now();
  let saidAt = Number.NEGATIVE_INFINITY;
  for (;;) {
    if (tryCreate(path, mine)) return;
    const held = read(path);
    if (held === undefined) continue;
    const owner = parse(held);
    if (owner === undefined || !isAlive(owner)) {
      if (removeStale(path, held)) {
        say(`taking over ${what}: its owner${owner === undefined ? "" : `, process ${owner.pid},`} is gone`);
        continue;
      }
      await delay(pollMs);
      continue;
    }
    const now = performance.now();
    if (now - saidAt >= sayEveryMs) {
      saidAt = now;
      say(`waiting for process ${owner.pid} to finish: ${what} (${Math.round((now - started) / 1000)} s)`);
    }
    await delay(pollMs);
  }
}

/** A hard link is made with its whole content or not at all: no reader ever sees half a lock. */
function tryCreate(path: string, content: string): boolean {
  const draft = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  writeFileSync(draft, content);
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return false;
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * Two waiters may find the same stale lock; the slower one must not remove the lock that the faster one has just
 * made. So only the holder of a guard folder removes, and only what it has read again under the guard.
 */
function removeStale(path: string, stale: string): boolean {
  const guard = `${path}.takeover`;
  try {
    mkdirSync(guard);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    // The guard is held for milliseconds; an old one belongs to a process that died in between.
    if (age(guard) > 10_000) rmSync(guard, { recursive: true, force: true });
    return false;
  }
  try {
    if (read(path) !== stale) return false;
    rmSync(path, { force: true });
    return true;
  } finally {
    rmSync(guard, { recursive: true, force: true });
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function age(path: string): number {
  return Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
}

function parse(text: string): ProcessIdentity | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && "pid" in value && typeof value.pid === "number")
      return value as ProcessIdentity;
  } catch {
    // Not ours to read: a lock file that names no process is stale.
  }
  return undefined;
}
