import { describe, expect, it } from "vitest";
import { isInRange, isLoopbackOrLinkLocal, parseIp, parseIpRange } from "../../../src/engine/values/ip-address.ts";

describe("an IP address", () => {
  it.each([
    ["::", 0n],
    ["::1", 1n],
    ["1::", 1n << 112n],
    ["1:2:3:4:5:6:7:8", 0x00010002000300040005000600070008n],
    ["1:2:3:4:5:6:7::", 0x00010002000300040005000600070000n],
    ["::2:3:4:5:6:7:8", 0x00000002000300040005000600070008n],
    ["fe80::ABcd", 0xfe80000000000000000000000000abcdn],
    ["10.1.2.3", 0xffff0a010203n],
    ["010.001.002.003", 0xffff0a010203n],
    ["255.255.255.255", 0xffffffffffffn],
    ["::ffff:10.1.2.3", 0xffff0a010203n],
    ["64:ff9b::10.1.2.3", 0x0064ff9b00000000000000000a010203n],
    ["1:2:3:4:5:6:10.1.2.3", 0x0001000200030004000500060a010203n],
  ])("is read from %s", (text, address) => {
    expect(parseIp(text)).toBe(address);
  });

  it.each([
    "",
    "localhost",
    "10.1.2",
    "10.1.2.3.4",
    "256.0.0.1",
    "10.1.2.x",
    "10.1.2.",
    "1000.1.2.3",
    ":",
    ":::",
    "1::2::3",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1:2:3:4::5:6:7:8",
    "12345::",
    "g::",
    "10.1.2.3::",
    "::10.1.2.3:1",
    "::10.1.2",
    "::256.1.1.1",
    "fe80::1%eth0",
    "10.1.2. 3",
    "10.1.2.3 ",
    "1:2:3:4:5:6:7:10.1.2.3",
  ])("is not read from %j", (text) => {
    expect(parseIp(text)).toBeUndefined();
  });
});

describe("a range of addresses", () => {
  it.each([
    ["10.0.0.0/8", "10.255.255.255", true],
    ["10.0.0.0/8", "11.0.0.0", false],
    ["10.9.9.9/8", "10.0.0.1", true],
    ["10.0.0.0/8", "::ffff:10.0.0.1", true],
    ["10.1.2.3", "10.1.2.3", true],
    ["10.1.2.3", "10.1.2.2", false],
    ["10.1.2.3/32", "10.1.2.3", true],
    ["0.0.0.0/0", "203.0.113.7", true],
    ["0.0.0.0/0", "::1", false],
    ["::/0", "203.0.113.7", true],
    ["fd00::/8", "fdff::1", true],
    ["fd00::/8", "fe00::1", false],
    ["fd00::1/128", "fd00::1", true],
  ])("such as %s and the address %s: %s", (range, address, expected) => {
    const [of, one] = [parseIpRange(range), parseIp(address)];
    expect(of !== undefined && one !== undefined && isInRange(one, of)).toBe(expected);
  });

  it.each(["10.0.0.0/33", "fd00::/129", "10.0.0.0/", "10.0.0.0/x", "10.0.0.0/8/8", "10.0.0/8", "", "10.0.0.0/0008"])(
    "is not read from %j",
    (text) => {
      expect(parseIpRange(text)).toBeUndefined();
    },
  );
});

describe("an address of the machine itself or its link", () => {
  it.each(["127.0.0.1", "127.255.0.9", "169.254.169.254", "::1", "fe80::1", "febf::1", "::ffff:127.0.0.1"])(
    "is %s",
    (text) => {
      expect(isLoopbackOrLinkLocal(text)).toBe(true);
    },
  );

  it.each([
    "126.255.255.255",
    "128.0.0.1",
    "169.253.0.1",
    "169.255.0.1",
    "::2",
    "fec0::1",
    "10.1.2.3",
    "localhost",
    "",
  ])("is not %j", (text) => {
    expect(isLoopbackOrLinkLocal(text)).toBe(false);
  });
});
