import { describe, expect, it } from "vitest";
import { portsOf } from "../../../src/engine/views/ports.ts";
import { podSpecOf } from "../samples.ts";

describe("ports of a container", () => {
  const [container] = podSpecOf({
    containers: [
      {
        name: "app",
        ports: [{ containerPort: 80 }, { name: "dns", containerPort: 53, protocol: "UDP" }, { name: "" }, null, "80"],
      },
    ],
  }).all;
  const ports = container === undefined ? [] : portsOf(container);

  it("are addressed by number and protocol, which is TCP where none is written", () => {
    expect(ports.map(({ path }) => path)).toEqual([
      "containers[name=app].ports[containerPort=80,protocol=TCP]",
      "containers[name=app].ports[containerPort=53,protocol=UDP]",
      "containers[name=app].ports",
    ]);
  });

  it("have what is written", () => {
    expect(ports.map(({ name, containerPort, protocol }) => [name, containerPort, protocol])).toEqual([
      [undefined, 80, "TCP"],
      ["dns", 53, "UDP"],
      [undefined, undefined, "TCP"],
    ]);
  });
});
