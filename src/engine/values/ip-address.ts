/**
 * IP addresses as numbers of 128 bits; IPv4 stands where IPv6 maps it (`::ffff:a.b.c.d`), so the two spellings of one
 * address are one. Leading zeros in IPv4 are decimal, as Kubernetes reads them.
 */
export type IpAddress = bigint;

/** The addresses that share their first bits with `address`. */
export interface IpRange {
  readonly address: IpAddress;
  /** Of 128 bits. */
  readonly prefix: number;
}

const mapped = 0xffffn << 32n;
const mappedPrefix = 96;

/** Undefined for anything that is no address; zones (`%eth0`) are none of Kubernetes' addresses. */
export function parseIp(text: string): IpAddress | undefined {
  if (!text.includes(":")) {
    const v4 = parseV4(text);
    return v4 === undefined ? undefined : mapped | v4;
  }
  return parseV6(text);
}

/** Reads `10.0.0.0/8`, `fd00::/8`, or an address, which is a range of one. */
export function parseIpRange(text: string): IpRange | undefined {
  const [addressText = "", prefixText, ...more] = text.split("/");
  const address = parseIp(addressText);
  if (address === undefined || more.length > 0) return undefined;
  if (prefixText === undefined) return { address, prefix: 128 };
  if (!/^\d{1,3}$/.test(prefixText)) return undefined;
  const prefix = Number(prefixText) + (addressText.includes(":") ? 0 : mappedPrefix);
  return prefix > 128 ? undefined : { address, prefix };
}

export function isInRange(address: IpAddress, range: IpRange): boolean {
  const rest = BigInt(128 - range.prefix);
  return address >> rest === range.address >> rest;
}

/** RFC 1122 and RFC 3927; RFC 4291. */
const local = ["127.0.0.0/8", "169.254.0.0/16", "::1", "fe80::/10"].flatMap((range) => parseIpRange(range) ?? []);

/** Whether the text is an address that means the machine itself or its own link; false for what is no address. */
export function isLoopbackOrLinkLocal(text: string): boolean {
  const address = parseIp(text);
  return address !== undefined && local.some((range) => isInRange(address, range));
}

function parseV4(text: string): bigint | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)) return undefined;
  return parts.reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
}

function parseV6(text: string): bigint | undefined {
  const [head = "", tail, ...more] = text.split("::");
  if (more.length > 0) return undefined;
  const left = groupsOf(head, tail === undefined);
  const right = groupsOf(tail ?? "", true);
  if (left === undefined || right === undefined) return undefined;
  const missing = 8 - left.length - right.length;
  // What `::` stands for is at least one group.
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...left, ...Array.from({ length: missing }, () => 0n), ...right];
  return groups.reduce((sum, group) => (sum << 16n) | group, 0n);
}

/** The groups of 16 bits between colons; the last two may be written as IPv4 where they end the address. */
function groupsOf(text: string, endsAddress: boolean): readonly bigint[] | undefined {
  if (text === "") return [];
  const parts = text.split(":");
  const groups: bigint[] = [];
  for (const [at, part] of parts.entries()) {
    const v4 = endsAddress && at === parts.length - 1 ? parseV4(part) : undefined;
    if (v4 !== undefined) groups.push(v4 >> 16n, v4 & 0xffffn);
    else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(BigInt(`0x${part}`));
    else return undefined;
  }
  return groups;
}
