import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, createWriteStream, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { EnvHttpProxyAgent, fetch } from "undici";
import type { BinaryName, Findings, Way } from "./binaries.ts";
import { cacheFolder, type Platform } from "./cache.ts";
import { type Say, withProgress } from "./progress.ts";
import { baseAddresses, type PinnedFile } from "./releases.ts";
import { ETCD_VERSION } from "./version.ts";

const run = promisify(execFile);

/** A server that has not begun to answer by then is taken as out of reach. */
const ANSWER_WITHIN_MS = 3_000;
/** A download that brings nothing for so long has broken. */
const STALL_MS = 20_000;

/** The file is not what was released: never used, never silent. */
export class ChecksumError extends Error {
  override readonly name = "ChecksumError";
}

/** The address gave no answer in time, refused, or broke off. */
export class UnreachableError extends Error {
  override readonly name = "UnreachableError";
}

export interface DownloadSettings {
  readonly files: readonly PinnedFile[];
  readonly cacheRoot: string;
  readonly kubernetesVersion: string;
  readonly platform: Platform;
  readonly env: NodeJS.ProcessEnv;
  readonly say: Say;
}

/** Official release binaries, checked against their pinned checksums, into the cache. */
export function releasesWay(settings: DownloadSettings): Way {
  return {
    name: "the official release",
    find: async (missing): Promise<Findings> => {
      const found = new Map<BinaryName, string>();
      const reasons = [...missing].filter((name) => fileFor(name, settings) === undefined).map(unpinned(settings));
      const unreachable = new Set<string>();
      for (const file of wantedFiles(missing, settings)) {
        const base = baseFor(file, settings.env);
        if (unreachable.has(base)) continue;
        try {
          for (const [name, path] of await download(base, file, missing, settings)) found.set(name, path);
        } catch (error) {
          if (error instanceof UnreachableError) unreachable.add(base);
          else if (error instanceof ChecksumError) settings.say(`REFUSED: ${error.message}`);
          else throw error;
          reasons.push(error.message);
        }
      }
      return { found, reasons };
    },
  };
}

function unpinned(settings: DownloadSettings): (name: BinaryName) => string {
  const { os, arch } = settings.platform;
  return (name) => `no checksum is pinned for ${name} of ${releaseOf(name, settings)} on ${os}-${arch}`;
}

function releaseOf(name: BinaryName, settings: DownloadSettings): string {
  return name === "etcd" ? `etcd-${ETCD_VERSION}` : `kubernetes-${settings.kubernetesVersion}`;
}

function fileFor(name: BinaryName, settings: DownloadSettings): PinnedFile | undefined {
  const platform = `${settings.platform.os}-${settings.platform.arch}`;
  const release = releaseOf(name, settings);
  return settings.files.find(
    (file) => file.release === release && file.platform === platform && file.provides[name] !== undefined,
  );
}

function wantedFiles(missing: ReadonlySet<BinaryName>, settings: DownloadSettings): PinnedFile[] {
  const files = [...missing].map((name) => fileFor(name, settings)).filter((file) => file !== undefined);
  return [...new Set(files)];
}

function baseFor(file: PinnedFile, env: NodeJS.ProcessEnv): string {
  const bases = baseAddresses(env);
  return file.release.startsWith("etcd-") ? bases.etcd : bases.kubernetes;
}

async function download(
  base: string,
  file: PinnedFile,
  missing: ReadonlySet<BinaryName>,
  settings: DownloadSettings,
): Promise<Map<BinaryName, string>> {
  const names = (Object.keys(file.provides) as BinaryName[]).filter((name) => missing.has(name));
  const [first] = names;
  if (first === undefined) return new Map();
  const toDir = cacheFolder(settings.cacheRoot, first, settings.kubernetesVersion, settings.platform);
  mkdirSync(toDir, { recursive: true });
  const draft = mkdtempSync(join(toDir, ".download-"));
  try {
    const fetched = join(draft, "fetched");
    const url = `${base}/${file.path}`;
    await withProgress(settings.say, `downloading ${url}`, (step) => fetchChecked(url, file, fetched, step));
    const result = new Map<BinaryName, string>();
    for (const name of names) {
      const member = file.provides[name];
      if (typeof member === "string") await run("tar", ["-xzf", fetched, "-C", draft, member]);
      const whole = typeof member === "string" ? join(draft, member) : fetched;
      chmodSync(whole, 0o755);
      renameSync(whole, join(toDir, name));
      result.set(name, join(toDir, name));
    }
    return result;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

async function fetchChecked(url: string, file: PinnedFile, path: string, step: (text: string) => void): Promise<void> {
  const algorithm = file.sha256 === undefined ? "sha512" : "sha256";
  const expected = file.sha256 ?? file.sha512;
  const patience = new AbortController();
  let timer = setTimeout(() => patience.abort(new Error(`no answer within ${ANSWER_WITHIN_MS} ms`)), ANSWER_WITHIN_MS);
  const hash = createHash(algorithm);
  const dispatcher = new EnvHttpProxyAgent({ connect: { timeout: ANSWER_WITHIN_MS } });
  try {
    const answer = await fetch(url, { signal: patience.signal, dispatcher });
    if (!answer.ok || answer.body === null) throw new Error(`status ${answer.status}`);
    let bytes = 0;
    const watch = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        clearTimeout(timer);
        timer = setTimeout(() => patience.abort(new Error(`nothing came for ${STALL_MS} ms`)), STALL_MS);
        bytes += chunk.length;
        step(`${Math.round(bytes / 1e6)} MB`);
        hash.update(chunk);
        done(null, chunk);
      },
    });
    await pipeline(Readable.fromWeb(answer.body), watch, createWriteStream(path));
  } catch (error) {
    throw new UnreachableError(`${url}: ${reasonOf(error)}`, { cause: error });
  } finally {
    clearTimeout(timer);
    await dispatcher.destroy();
  }
  const actual = hash.digest("hex");
  if (actual !== expected)
    throw new ChecksumError(`${basename(file.path)} from ${url} has ${algorithm} ${actual}, pinned is ${expected}`);
}

/** fetch says only "fetch failed"; what happened is in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
