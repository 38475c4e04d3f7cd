import { describe, expect, it } from "vitest";
import { routeBackends, routeKinds } from "../../../src/engine/views/route.ts";
import { viewOf } from "../view-of.ts";

const backends = (...rules: readonly object[]) =>
  routeBackends(viewOf("gateway.networking.k8s.io/v1", "HTTPRoute", { spec: { rules } }));

describe("the backends of a route", () => {
  it("are Services of its own namespace unless it says otherwise", () => {
    const backendRefs = [
      { name: "a", port: 80 },
      { name: "b", namespace: "bank" },
      { name: "c", namespace: "" },
    ];
    expect(backends({ backendRefs }, {})).toEqual([
      { namespace: "shop", service: "a", port: 80 },
      { namespace: "bank", service: "b", port: undefined },
      { namespace: "shop", service: "c", port: undefined },
    ]);
  });

  it.each([
    [{ group: "", kind: "Service", name: "a" }, 1],
    [{ kind: "", name: "a" }, 1],
    [{ group: "example.com", kind: "Service", name: "a" }, 0],
    [{ kind: "Bucket", name: "a" }, 0],
    [{ kind: "Service", name: "" }, 0],
  ])("%j counts %d times", (ref, count) => {
    expect(backends({ backendRefs: [ref] })).toHaveLength(count);
  });

  it("are those that requests are copied to as well", () => {
    const mirrorTo = (name: string) => ({ requestMirror: { backendRef: { name } } });
    const rule = {
      filters: [mirrorTo("of-rule"), { requestRedirect: {} }],
      backendRefs: [{ name: "a", filters: [mirrorTo("of-backend")] }],
    };
    expect(backends(rule).map(({ service }) => service)).toEqual(["of-rule", "a", "of-backend"]);
  });
});

describe("routes", () => {
  it("are those of the Gateway API", () => {
    expect(routeKinds).toEqual([
      "HTTPRoute.gateway.networking.k8s.io",
      "GRPCRoute.gateway.networking.k8s.io",
      "TCPRoute.gateway.networking.k8s.io",
      "TLSRoute.gateway.networking.k8s.io",
      "UDPRoute.gateway.networking.k8s.io",
    ]);
  });
});
