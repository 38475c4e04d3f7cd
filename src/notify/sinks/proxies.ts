import { BlockList, isIP } from "node:net";
import type { Proxies } from "./sink-io.ts";

/** What a connection is for: mail takes a proxy only where one is given for everything. */
export type Scheme = "https" | "http" | "smtp";

export interface Destination {
  readonly scheme: Scheme;
  /** Name or address; an IPv6 address without brackets. */
  readonly host: string;
  readonly port: number;
}

/** The proxy to ask for a tunnel, or undefined for a direct connection. Loopback is always direct. */
export function proxyFor(proxies: Proxies, destination: Destination): URL | undefined {
  const { https, http, all } = proxies;
  const address = { https: https ?? all, http: http ?? all, smtp: all }[destination.scheme];
  if (address === undefined || isLoopback(destination.host)) return undefined;
  if (isExcepted(proxies.except ?? "", destination)) return undefined;
  return new URL(address.includes("://") ? address : `http://${address}`);
}

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, "");
  if (name === "localhost" || name.endsWith(".localhost")) return true;
  return isIP(host) !== 0 && loopback.check(host, familyOf(host));
}

function isExcepted(except: string, { host, port }: Destination): boolean {
  const name = host.toLowerCase().replace(/\.$/, "");
  return except
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .some((entry) => entry === "*" || covers(entry, name, port));
}

function covers(entry: string, host: string, port: number): boolean {
  if (isIP(host) !== 0) return coversAddress(entry, host, port);
  const [, domain = "", only] = /^(?:\*?\.)?(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  if (domain === "" || (only !== undefined && Number(only) !== port)) return false;
  return host === domain || host.endsWith(`.${domain}`);
}

/** `10.0.0.0/8`, `10.1.2.3`, `10.1.2.3:25`, `fd00::/8`, `[fd00::1]:25`. */
function coversAddress(entry: string, host: string, port: number): boolean {
  const [address = "", bits] = entry.split("/");
  if (bits !== undefined) {
    if (isIP(address) === 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > (isIP(address) === 4 ? 32 : 128)) return false;
    const range = new BlockList();
    range.addSubnet(address, Number(bits), familyOf(address));
    return range.check(host, familyOf(host));
  }
  if (isIP(entry) !== 0) return same(entry, host);
  const [, plain = "", only] = /^\[?(.*?)\]?(?::(\d+))?$/.exec(entry) ?? [];
  return isIP(plain) !== 0 && same(plain, host) && (only === undefined || Number(only) === port);
}

/** However the address is written. */
function same(one: string, other: string): boolean {
  const list = new BlockList();
  list.addAddress(one, familyOf(one));
  return list.check(other, familyOf(other));
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIP(address) === 4 ? "ipv4" : "ipv6";
}
