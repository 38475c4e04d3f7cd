import { describe, expect, it } from "vitest";
import {
  defaultBackends,
  ingressBackends,
  ingressClass,
  ingressHosts,
  ingressRoutes,
  routeText,
} from "../../../src/engine/views/ingress.ts";
import { viewOf } from "../view-of.ts";

const ingress = (spec: unknown, annotations: object = {}) =>
  viewOf("networking.k8s.io/v1", "Ingress", { metadata: { name: "x", namespace: "shop", annotations }, spec });

describe("an Ingress", () => {
  it("has the backends of its rules and for what no rule takes", () => {
    const view = ingress({
      defaultBackend: { service: { name: "errors" } },
      rules: [
        { http: { paths: [{ backend: { service: { name: "a", port: { number: 80 } } } }] } },
        { http: { paths: [{ backend: { service: { name: "b", port: { name: "http", number: 1 } } } }] } },
        { http: { paths: [{ backend: { resource: { kind: "Bucket", name: "c" } } }, {}] } },
        { host: "no-paths" },
      ],
    });
    expect(ingressBackends(view)).toEqual([
      { path: "spec.defaultBackend", service: "errors", port: undefined },
      { path: "spec.rules", service: "a", port: 80 },
      { path: "spec.rules", service: "b", port: "http" },
    ]);
  });

  it.each([
    [{ serviceName: "a", servicePort: 80 }, 80],
    [{ serviceName: "a", servicePort: "http" }, "http"],
    [{ serviceName: "a", servicePort: "" }, undefined],
    [{ service: { name: "a", port: { name: "" } } }, undefined],
  ])("sends by %j to the port %s", (backend, port) => {
    expect(ingressBackends(ingress({ backend }))).toEqual([{ path: "spec.backend", service: "a", port }]);
  });

  it("knows its default backend under both names", () => {
    const backends = defaultBackends(ingress({ defaultBackend: {}, backend: { serviceName: "a" } }));
    expect(backends.map(({ path }) => path)).toEqual(["spec.defaultBackend", "spec.backend"]);
    expect(defaultBackends(ingress({ rules: [] }))).toEqual([]);
  });

  const rules = [
    { host: "a.example.com", http: { paths: [{ path: "/x" }, { path: "" }, { path: 7 }] } },
    { http: { paths: [{ path: "/y" }] } },
    { host: "b.example.com" },
    null,
  ];

  it("answers to the paths of its rules, where none is written to /", () => {
    expect(ingressRoutes(ingress({ rules }))).toEqual([
      { host: "a.example.com", path: "/x" },
      { host: "a.example.com", path: "/" },
      { host: "a.example.com", path: "/" },
      { host: "", path: "/y" },
    ]);
  });

  it("has the hosts of its rules, also of those without paths", () => {
    expect(ingressHosts(ingress({ rules }))).toEqual(["a.example.com", "", "b.example.com"]);
  });

  it.each([
    [{ host: "shop.example.com", path: "/cart" }, "shop.example.com/cart"],
    [{ host: "", path: "/" }, "*/"],
    [{ host: "", path: "/a\nb" }, "*/a\\u000ab"],
    [{ host: "shop.example.com", path: "/-----BEGIN PRIVATE KEY-----" }, "shop.example.com/(a path with a credential)"],
  ])("is shown to answer to %j as %s", (route, text) => {
    expect(routeText(route)).toBe(text);
  });

  const old = { "kubernetes.io/ingress.class": "old" };
  it.each([
    [{ ingressClassName: "nginx" }, old, "nginx"],
    [{}, old, "old"],
    [{ ingressClassName: "" }, old, "old"],
    [{ ingressClassName: null }, { "kubernetes.io/ingress.class": "" }, undefined],
    [undefined, {}, undefined],
  ])("with the spec %j and the annotations %j has the class %s", (spec, annotations, expected) => {
    expect(ingressClass(ingress(spec, annotations))).toBe(expected);
  });
});
