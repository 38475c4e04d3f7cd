import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { load, YAMLException } from "js-yaml";
import type { ClusterAccess } from "./cluster-access.ts";
import { ConfigError } from "./config-error.ts";
import type { Credentials } from "./credentials.ts";
import { isRecord, type RawObject } from "./object.ts";

const CLUSTER_FIELDS = [
  "server",
  "certificate-authority",
  "certificate-authority-data",
  "insecure-skip-tls-verify",
  "tls-server-name",
  "proxy-url",
];

const USER_FIELDS = [
  "token",
  "tokenFile",
  "username",
  "password",
  "client-certificate",
  "client-certificate-data",
  "client-key",
  "client-key-data",
];

/**
 * One file whose context needs nothing but these fields, which is what clusters hand out: no plugin, no provider, no impersonation.
 * Undefined for all others, and for a file that is not what it should be.
 */
export async function readPlainKubeconfig(path: string, context?: string): Promise<ClusterAccess | undefined> {
  const config = await parseFile(path);
  const current = entry(config?.contexts, context ?? config?.["current-context"], "context");
  const cluster = entry(config?.clusters, current?.cluster, "cluster");
  const user = entry(config?.users, current?.user, "user");
  if (current === undefined || cluster === undefined || user === undefined) return undefined;
  if (!hasOnly(cluster, CLUSTER_FIELDS) || !hasOnly(user, USER_FIELDS)) return undefined;
  const { server, "proxy-url": proxyUrl } = cluster;
  const { namespace } = current;
  if (typeof server !== "string" || !isOptional(proxyUrl) || !isOptional(namespace)) return undefined;
  return {
    server,
    namespace: namespace?.trim() || null,
    proxyUrl: proxyUrl || null,
    credentials: () => readCredentials(dirname(path), cluster, user, String(current.user)),
  };
}

async function parseFile(path: string): Promise<RawObject | undefined> {
  try {
    const config = load(await readFile(path, "utf8"));
    return isRecord(config) ? config : undefined;
  } catch (error) {
    if (error instanceof YAMLException || (error instanceof Error && "code" in error)) return undefined;
    throw error;
  }
}

/** `{name, [field]: …}` of a list; undefined if there is none of this name, or more than one. */
function entry(list: unknown, name: unknown, field: string): RawObject | undefined {
  if (!Array.isArray(list) || typeof name !== "string") return undefined;
  const found = list.filter((one) => isRecord(one) && one.name === name);
  const [one] = found;
  return found.length === 1 && isRecord(one) && isRecord(one[field]) ? one[field] : undefined;
}

/** Texts, and `insecure-skip-tls-verify`, which is true or false. Fields without a value count as absent. */
function hasOnly(record: RawObject, fields: readonly string[]): boolean {
  return Object.entries(record).every(
    ([field, value]) =>
      value === null || (fields.includes(field) && (typeof value === "string" || typeof value === "boolean")),
  );
}

function isOptional(value: unknown): value is string | undefined {
  return value === undefined || typeof value === "string";
}

/** Files are named relative to the kubeconfig; what stands in it comes before them, but a token file before the token. */
async function readCredentials(
  folder: string,
  cluster: RawObject,
  user: RawObject,
  name: string,
): Promise<Credentials> {
  const text = async (record: RawObject, field: string): Promise<string | null> => {
    const [path, data] = [record[field], record[`${field}-data`]];
    if (typeof data === "string" && data !== "") return Buffer.from(data, "base64").toString("utf8");
    return typeof path === "string" && path !== "" ? readFile(resolve(folder, path), "utf8") : null;
  };
  try {
    const token = (await text(user, "tokenFile")) ?? user.token;
    const { username, password } = user;
    const headers: Record<string, string> = {};
    // A token file often ends in a newline, which no header may hold.
    if (typeof token === "string" && token !== "") headers.authorization = `Bearer ${token.trim()}`;
    if (typeof username === "string" && username !== "")
      headers.authorization = `Basic ${Buffer.from(`${username}:${typeof password === "string" ? password : ""}`).toString("base64")}`;
    const serverName = cluster["tls-server-name"];
    return {
      headers,
      tls: {
        ca: await text(cluster, "certificate-authority"),
        cert: await text(user, "client-certificate"),
        key: await text(user, "client-key"),
        serverName: typeof serverName === "string" && serverName !== "" ? serverName : null,
        skipVerify: cluster["insecure-skip-tls-verify"] === true,
      },
    };
  } catch (cause) {
    throw new ConfigError(
      `credentials of user ${JSON.stringify(name)}: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}
