import { describe, expect, it } from "vitest";
import { imageProblem, matchesRegistry, parseImage } from "../../../src/engine/values/image.ts";

const sha256 = `sha256:${"0123456789abcdef".repeat(4)}`;

describe("parseImage", () => {
  it.each([
    ["nginx", "docker.io/library/nginx", undefined, undefined],
    ["nginx:1.27", "docker.io/library/nginx", "1.27", undefined],
    ["bitnami/redis", "docker.io/bitnami/redis", undefined, undefined],
    ["docker.io/nginx:1", "docker.io/library/nginx", "1", undefined],
    ["localhost/app", "localhost/app", undefined, undefined],
    ["registry:5000/app", "registry:5000/app", undefined, undefined],
    ["registry:5000/app:v2", "registry:5000/app", "v2", undefined],
    ["Registry.Example.com/app:v2", "registry.example.com/app", "v2", undefined],
    ["registry.example.com/a/b/c:v2", "registry.example.com/a/b/c", "v2", undefined],
    [`nginx@${sha256}`, "docker.io/library/nginx", undefined, sha256],
    [`nginx:1.27@${sha256}`, "docker.io/library/nginx", "1.27", sha256],
    ["nginx@latest", "docker.io/library/nginx", undefined, undefined],
    ["nginx:", "docker.io/library/nginx", undefined, undefined],
    ["registry.example.com/a:/b", "registry.example.com/a:/b", undefined, undefined],
  ])("reads %s", (text, repository, tag, digest) => {
    expect(parseImage(text)).toMatchObject({ repository, tag, digest });
  });

  it.each(["", ":1.27", "@", "registry.example.com/", "registry:5000/:v1"])("finds no name in %j", (text) => {
    expect(parseImage(text)).toBeUndefined();
  });
});

describe("the digest of an image", () => {
  const hex = (length: number) => "0123456789abcdef".repeat(8).slice(0, length);

  it.each([
    `sha256:${hex(64)}`,
    `sha512:${hex(128)}`,
    `blake3:${hex(64)}`,
    "multihash+base58:QmRZxt2b1FVZPNqd8hsiykDL3TdBDeTSPX9Kv46HmX4Gx8",
    "md5:x",
    "a.b_c-d:A=_-9",
  ])("is %s", (digest) => {
    expect(parseImage(`nginx@${digest}`)).toMatchObject({ digest, writtenDigest: digest });
    expect(imageProblem(`nginx@${digest}`)).toBeUndefined();
  });

  it.each([
    "latest",
    "",
    "sha256:",
    `:${hex(64)}`,
    `sha256:${hex(63)}`,
    `sha256:${hex(65)}`,
    `sha256:${hex(64).toUpperCase()}`,
    `sha512:${hex(64)}`,
    `blake3:${hex(128)}`,
    `SHA256:${hex(64)}`,
    `sha256:${hex(63)}g`,
    `sha256:G${hex(63)}`,
    "md5:x!",
    "a..b:x",
    `sha256:${hex(64)}@sha256:${hex(64)}`,
  ])("is none in %j, which is remembered as written", (writtenDigest) => {
    expect(parseImage(`nginx@${writtenDigest}`)).toMatchObject({ digest: undefined, writtenDigest });
    expect(imageProblem(`nginx@${writtenDigest}`)).toBe("digest");
  });

  it("is not written where there is no @", () => {
    expect(parseImage("nginx:1")).toMatchObject({ digest: undefined, writtenDigest: undefined });
  });
});

describe("imageProblem", () => {
  it.each([
    "nginx",
    "nginx:1.27",
    "n:1",
    "bitnami/redis:8",
    "a/b/c/d",
    "localhost/app",
    "localhost:5000/app",
    "registry.example.com/app_x/b__c/d--e/f.g:v1",
    "app--one/web--two",
    "app-one/web-two",
    "Registry.Example.com:443/app",
    "my-registry:5000/app",
    "[2001:db8::1]:5000/app",
    "[2001:db8::1]/app",
    "REGISTRY.IO/app",
    `nginx:${"a".repeat(128)}`,
    `nginx:_${"0".repeat(64)}`,
    `nginx:1.27@${sha256}`,
  ])("takes %s", (text) => {
    expect(imageProblem(text)).toBeUndefined();
  });

  it.each([
    ["-registry.example.com/app", "host"],
    ["registry-.example.com/app", "host"],
    ["registry..example.com/app", "host"],
    ["registry.example.com:/app", "host"],
    ["registry:port/app", "host"],
    ["https://registry.example.com/app", "host"],
    [":5000/app", "host"],
    ["", "path"],
    ["@", "path"],
    [":1.27", "path"],
    ["Nginx", "path"],
    ["Team/app", "path"],
    ["a//b", "path"],
    ["registry.example.com/a:/b", "path"],
    ["/app", "path"],
    ["app/", "path"],
    ["registry.example.com/", "path"],
    ["a___b", "path"],
    ["a._b", "path"],
    ["-app", "path"],
    ["app-", "path"],
    [" nginx", "path"],
    ["ngi nx", "path"],
    ["registry.example.com/App", "path"],
    ["nginx:", "tag"],
    ["nginx:.1", "tag"],
    ["nginx:-1", "tag"],
    ["nginx:1 ", "tag"],
    ["nginx:a:b", "tag"],
    [`nginx:sha256:${"0".repeat(64)}`, "tag"],
    [`nginx:${"a".repeat(129)}`, "tag"],
    [`nginx:@${sha256}`, "tag"],
  ])("finds in %j that the %s is wrong", (text, problem) => {
    expect(imageProblem(text)).toBe(problem);
  });
});

describe("matchesRegistry", () => {
  const matches = (image: string, entry: string) => {
    const parsed = parseImage(image);
    return parsed !== undefined && matchesRegistry(parsed, entry);
  };

  it.each([
    ["registry.io/app", "registry.io"],
    ["registry.io/app", "registry.io/"],
    ["registry.io/app", "registry.io/*"],
    ["registry.io/team/app", "registry.io/team"],
    ["registry.io/team/app", "REGISTRY.io/team"],
    ["registry.io/team-a/app", "registry.io/team-*"],
    ["registry.io/aa/app", "registry.io/a*a"],
    ["registry.io/bxc/app", "registry.io/*b*c"],
    ["12.dkr.ecr.eu-west-1.amazonaws.com/app", "*.dkr.ecr.*.amazonaws.com"],
    ["nginx", "docker.io"],
    ["nginx", "library"],
    ["bitnami/redis", "bitnami"],
    ["localhost:5000/app", "localhost:5000"],
  ])("takes %s from %s", (image, entry) => {
    expect(matches(image, entry)).toBe(true);
  });

  it.each([
    ["registry.io.evil.com/app", "registry.io"],
    ["evil.com/registry.io/app", "registry.io"],
    ["registry.io:5000/app", "registry.io"],
    ["registry.io/teammate/app", "registry.io/team"],
    ["registry.io/Team/app", "registry.io/team"],
    ["registry.io/app", "registry.io/team/app"],
    ["registry.io/app", "registry.io/app/v*"],
    ["a/b.example.com/c", "*.example.com"],
    ["quay.io/bitnami/redis", "bitnami"],
    ["registry.io/ab/app", "registry.io/a*a"],
    ["registry.io/a/app", "registry.io/a*a"],
    ["registry.io/ab/app", "registry.io/*ab*b"],
    ["registry.io/my-team-a/app", "registry.io/team-*"],
    ["ghcr.io/acb", "ghcr.io/a*x*b"],
  ])("does not take %s from %s", (image, entry) => {
    expect(matches(image, entry)).toBe(false);
  });
});
