import { describe, expect, it } from "vitest";
import { servicePorts } from "../../../src/engine/views/service.ts";
import { viewOf } from "../view-of.ts";

describe("the ports of a Service", () => {
  it.each([
    [{ port: 80, targetPort: "http" }, "spec.ports[port=80,protocol=TCP].targetPort", "http"],
    [{ port: 53, protocol: "UDP", targetPort: 5353 }, "spec.ports[port=53,protocol=UDP].targetPort", 5353],
    [{ port: 80 }, "spec.ports[port=80,protocol=TCP].targetPort", 80],
    [{ port: 80, targetPort: "" }, "spec.ports[port=80,protocol=TCP].targetPort", 80],
    [{ targetPort: "http" }, "spec.ports", "http"],
    [{}, "spec.ports", undefined],
  ])("such as %j are targeted at %s", (port, path, target) => {
    expect(servicePorts(viewOf("v1", "Service", { spec: { ports: [port] } }))).toEqual([{ path, target }]);
  });

  it("are none where none are written", () => {
    expect(servicePorts(viewOf("v1", "Service"))).toEqual([]);
  });
});
