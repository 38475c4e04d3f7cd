import { describe, expect, it } from "vitest";
import { matchesRegistry, parseImage } from "../../../src/engine/values/image.ts";

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
  ])("reads %s", (text, repository, tag, digest) => {
    expect(parseImage(text)).toMatchObject({ repository, tag, digest });
  });

  it.each(["", ":1.27", "@", "registry.example.com/", "registry:5000/:v1"])("finds no name in %j", (text) => {
    expect(parseImage(text)).toBeUndefined();
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
    ["a/b.example.com/c", "*.example.com"],
    ["quay.io/bitnami/redis", "bitnami"],
    ["registry.io/ab/app", "registry.io/a*a"],
  ])("does not take %s from %s", (image, entry) => {
    expect(matches(image, entry)).toBe(false);
  });
});
