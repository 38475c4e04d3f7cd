import { describe, expect, it } from "vitest";
import type { Fields } from "../../../src/engine/views/fields.ts";
import { PodSpecView } from "../../../src/engine/views/pod-spec.ts";
import {
  absentProbes,
  effectiveHandler,
  effectiveTiming,
  patience,
  timingFields,
  unwrittenTimings,
} from "../../../src/engine/views/probe.ts";

function podSpec(...containers: readonly Fields[]): PodSpecView {
  return new PodSpecView({ spec: { containers }, metadata: undefined, templatePath: [], onlyEphemeral: false });
}

describe("absent probes", () => {
  it("are those that are not written and those that ask nothing", () => {
    const pod = podSpec(
      { name: "none" },
      { name: "other", readinessProbe: { exec: {} } },
      { name: "empty", livenessProbe: {} },
      { name: "fine", livenessProbe: { exec: {} } },
    );
    expect(absentProbes(pod, "livenessProbe").map(({ container, messageId }) => [container.name, messageId])).toEqual([
      ["none", "missing"],
      ["other", "missing"],
      ["empty", "noHandler"],
    ]);
  });

  it("are none without a pod spec", () => {
    expect(absentProbes(undefined, "livenessProbe")).toEqual([]);
  });
});

describe("the timing of a probe", () => {
  it("is what is written, else the default; 0 counts as nothing", () => {
    expect(effectiveTiming({ periodSeconds: 5 }, "periodSeconds")).toBe(5);
    expect(effectiveTiming({ periodSeconds: 0 }, "periodSeconds")).toBe(10);
    expect(effectiveTiming({ failureThreshold: "5" }, "failureThreshold")).toBe(3);
    expect(effectiveTiming({}, "initialDelaySeconds")).toBe(0);
  });

  it("says how long a container may fail", () => {
    expect(patience({})).toBe(30);
    expect(patience({ periodSeconds: 5, failureThreshold: 2 })).toBe(10);
  });
});

describe("the effective handler", () => {
  const ports = [{ name: "http", containerPort: 8080 }, null, { containerPort: 9090 }];
  const handler = (probe: Fields) => {
    const [container] = podSpec({ name: "app", ports }).all;
    if (container === undefined) throw new Error("the container is gone");
    return effectiveHandler(probe, container);
  };

  it.each([
    [{ httpGet: { port: 8080 } }, { httpGet: { port: 8080, path: "/", scheme: "HTTP" } }],
    [{ httpGet: { port: 8080, host: "" } }, { httpGet: { path: null, port: 8080 } }],
    [{ httpGet: { port: "http" } }, { httpGet: { port: 8080 } }],
    [{ tcpSocket: { port: 8080 } }, { tcpSocket: { port: "http", host: "" } }],
    [{ grpc: { port: 8080 } }, { grpc: { port: 8080, service: "" } }],
    [{ grpc: { port: 8080, service: null } }, { grpc: { port: 8080, service: "" } }],
    [{ tcpSocket: { port: null } }, { tcpSocket: {} }],
    [{ exec: { command: ["cat"] } }, { exec: { command: ["cat"] }, periodSeconds: 5 }],
  ])("of %j is that of %j", (one, other) => {
    expect(handler(one)).toBe(handler(other));
  });

  it.each([
    [{ httpGet: { port: 8080 } }, { httpGet: { port: 8081 } }],
    [{ httpGet: { port: 8080 } }, { httpGet: { port: 8080, path: "/live" } }],
    [{ httpGet: { port: 8080 } }, { httpGet: { port: 8080, scheme: "HTTPS" } }],
    [{ httpGet: { port: 8080 } }, { httpGet: { port: 8080, host: "10.0.0.1" } }],
    [{ httpGet: { port: 8080 } }, { httpGet: { port: 8080, httpHeaders: [{ name: "a", value: "b" }] } }],
    [{ httpGet: { port: "http" } }, { httpGet: { port: "other" } }],
    [{ httpGet: { port: 8080 } }, { httpGet: {} }],
    [{ httpGet: { port: 9090 } }, { httpGet: {} }],
    [{ httpGet: { port: 8080 } }, { tcpSocket: { port: 8080 } }],
    [{ tcpSocket: { port: 8080 } }, { tcpSocket: { port: 8081 } }],
    [{ tcpSocket: { port: 8080 } }, { grpc: { port: 8080 } }],
    [{ grpc: { port: 8080 } }, { grpc: { port: 8080, service: "live" } }],
    [{ exec: { command: ["cat", "a"] } }, { exec: { command: ["cat", "b"] } }],
    [{ exec: {} }, {}],
  ])("of %j is not that of %j", (one, other) => {
    expect(handler(one)).not.toBe(handler(other));
  });
});

describe("unwritten timings", () => {
  const timings = ["initialDelaySeconds", "periodSeconds"] as const;
  const unwritten = (probe: Fields) =>
    unwrittenTimings(podSpec({ name: "app", startupProbe: probe }), timings).map(({ probe: field, timing }) => [
      field,
      timing,
    ]);

  it("are those that a probe leaves out, with a handler or without one", () => {
    expect(unwritten({ exec: {}, periodSeconds: 5 })).toEqual([["startupProbe", "initialDelaySeconds"]]);
    expect(unwritten({ periodSeconds: 5 })).toEqual([["startupProbe", "initialDelaySeconds"]]);
  });

  it("are none of an empty probe", () => {
    expect(unwritten({})).toEqual([]);
  });

  it("are also 0, but for the initial delay", () => {
    expect(unwritten({ exec: {}, initialDelaySeconds: 0, periodSeconds: 0 })).toEqual([
      ["startupProbe", "periodSeconds"],
    ]);
  });

  it("are none without a pod spec", () => {
    expect(unwrittenTimings(undefined, timingFields)).toEqual([]);
  });
});
