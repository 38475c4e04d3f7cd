import { describe, expect, it } from "vitest";
import { isNginxSnippet, nginxAnnotation } from "../../../src/engine/views/nginx-annotations.ts";

describe("an annotation", () => {
  it.each([
    ["nginx.ingress.kubernetes.io/auth-url", "auth-url"],
    ["nginx.org/server-snippets", "server-snippets"],
    ["nginx.org/", ""],
    ["nginx.example.org/auth-url", undefined],
    ["xnginx.org/auth-url", undefined],
    ["nginxXorg/auth-url", undefined],
    ["nginx.ingressXkubernetes.io/auth-url", undefined],
    ["nginx.ingress.kubernetesXio/auth-url", undefined],
    ["auth-url", undefined],
  ])("%s is known to nginx controllers as %s", (key, name) => {
    expect(nginxAnnotation(key)).toBe(name);
  });

  it.each([
    ["nginx.ingress.kubernetes.io/server-snippet", true],
    ["nginx.ingress.kubernetes.io/configuration-snippet", true],
    ["nginx.org/location-snippets", true],
    ["nginx.ingress.kubernetes.io/server-snippets", false],
    ["nginx.org/location-snippet", false],
    ["nginx.ingress.kubernetes.io/snippet-owner", false],
    ["example.com/nginx.org/server-snippets", false],
    ["nginxXingress.kubernetes.io/server-snippet", false],
  ])("%s holds configuration: %s", (key, expected) => {
    expect(isNginxSnippet(key)).toBe(expected);
  });
});
