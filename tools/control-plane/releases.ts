import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { BINARY_NAMES } from "./binaries.ts";

const digest = (length: number) => z.string().regex(new RegExp(`^[0-9a-f]{${length}}$`));

const pinnedFile = z
  .strictObject({
    /** `kubernetes-1.36.3` or `etcd-3.7.3`. */
    release: z.string().regex(/^(kubernetes|etcd)-\d+\.\d+\.\d+$/),
    platform: z.string(),
    /** Below the base address of its project. */
    path: z.string(),
    sha256: digest(64).optional(),
    sha512: digest(128).optional(),
    /** Binary → its path inside the archive; null: the file is the binary. */
    provides: z.partialRecord(z.enum(BINARY_NAMES), z.string().nullable()),
  })
  .refine((file) => (file.sha256 === undefined) !== (file.sha512 === undefined), "exactly one of sha256 and sha512");

const releases = z.strictObject({ sources: z.array(z.string()), files: z.array(pinnedFile) });

/** A file of an official release with the checksum that it must have. */
export type PinnedFile = z.infer<typeof pinnedFile>;

/** The committed table of release files that may be downloaded. What is not in it is not downloaded. */
export function pinnedFiles(path: string = join(import.meta.dirname, "releases.json")): readonly PinnedFile[] {
  return releases.parse(JSON.parse(readFileSync(path, "utf8"))).files;
}

/** Base addresses of the official releases; a mirror is to serve the same paths. */
export function baseAddresses(env: NodeJS.ProcessEnv): { kubernetes: string; etcd: string } {
  const base = (name: string, usual: string) => (env[name] || usual).replace(/\/+$/, "");
  return {
    kubernetes: base("PAWL_KUBERNETES_MIRROR", "https://dl.k8s.io"),
    etcd: base("PAWL_ETCD_MIRROR", "https://github.com/etcd-io/etcd/releases/download"),
  };
}
