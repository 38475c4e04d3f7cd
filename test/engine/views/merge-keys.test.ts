import { describe, expect, it } from "vitest";
import { mayHaveMergeKeys, mergeKeysOf } from "../../../src/engine/views/merge-keys.ts";

const everyKey = {
  name: "a",
  mountPath: "/b",
  devicePath: "/dev/c",
  resourceName: "cpu",
  ip: "10.0.0.1",
  topologyKey: "zone",
  whenUnsatisfiable: "DoNotSchedule",
};

describe("the merge keys of a list", () => {
  it.each([
    "containers",
    "initContainers",
    "ephemeralContainers",
    "volumes",
    "env",
    "claims",
    "imagePullSecrets",
    "secrets",
    "schedulingGates",
    "resourceClaims",
    "sysctls",
    "webhooks",
    "templates",
  ])("of %s are its elements' names", (list) => {
    expect(mergeKeysOf(list, everyKey)).toEqual({ name: "a" });
    expect(mayHaveMergeKeys(list)).toBe(true);
  });

  it.each([
    ["volumeMounts", { mountPath: "/b" }],
    ["volumeDevices", { devicePath: "/dev/c" }],
    ["resizePolicy", { resourceName: "cpu" }],
    ["hostAliases", { ip: "10.0.0.1" }],
    ["topologySpreadConstraints", { topologyKey: "zone", whenUnsatisfiable: "DoNotSchedule" }],
  ])("of %s are %j", (list, keys) => {
    expect(mergeKeysOf(list, everyKey)).toEqual(keys);
  });

  it("of ports are those of containers, else those of Services, with the protocol that the API server fills in", () => {
    expect(mergeKeysOf("ports", { containerPort: 80, port: 81 })).toEqual({ containerPort: 80, protocol: "TCP" });
    expect(mergeKeysOf("ports", { port: 53, protocol: "UDP" })).toEqual({ port: 53, protocol: "UDP" });
  });

  it("are none where an element has not all of them, or one is no text or number", () => {
    expect(mergeKeysOf("topologySpreadConstraints", { topologyKey: "zone" })).toBeUndefined();
    expect(mergeKeysOf("containers", {})).toBeUndefined();
    expect(mergeKeysOf("containers", { name: true })).toBeUndefined();
  });

  it("are none of another list", () => {
    expect(mergeKeysOf("rules", everyKey)).toBeUndefined();
    expect(mayHaveMergeKeys("rules")).toBe(false);
  });
});
