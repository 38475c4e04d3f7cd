import { describe, expect, it } from "vitest";
import { copyLimits } from "../../../src/engine/views/copy-limits.ts";
import { PodSpecView } from "../../../src/engine/views/pod-spec.ts";

interface Bounds {
  readonly init?: boolean;
  readonly min?: string;
  readonly max?: string;
}

function copied(spec: Record<string, unknown>, { init = false, min, max }: Bounds = {}) {
  const pod = new PodSpecView({ spec, metadata: undefined, templatePath: [], onlyEphemeral: false });
  return copyLimits(pod, { resource: "cpu", init, min, max }).map((operation) => JSON.stringify(operation));
}

const app = { name: "app", resources: { limits: { cpu: "1" } } };
const toApp = '{"op":"add","path":"/spec/containers/0/resources/requests","value":{"cpu":"1"}}';
const toPod = '{"op":"add","path":"/spec/resources/requests","value":{"cpu":"2"}}';

describe("copied limits", () => {
  it("are those of containers without a request", () => {
    const asks = { name: "asks", resources: { requests: { cpu: "1" }, limits: { cpu: "2" } } };
    expect(copied({ containers: [app, asks, { name: "bare" }] })).toEqual([toApp]);
  });

  it("are those of init containers only where they are asked", () => {
    const initContainers = [{ name: "migrate", resources: { limits: { cpu: "1" }, requests: { memory: "1Gi" } } }];
    const toInit = '{"op":"add","path":"/spec/initContainers/0/resources/requests/cpu","value":"1"}';
    expect(copied({ initContainers })).toEqual([]);
    expect(copied({ initContainers }, { init: true })).toEqual([toInit]);
  });

  it.each([
    [{ min: "2" }, []],
    [{ max: "500m" }, []],
    [{ min: "1", max: "1" }, [toApp]],
  ])("are within %j", (bounds, operations) => {
    expect(copied({ containers: [app] }, bounds)).toEqual(operations);
  });

  it("are not 0", () => {
    expect(copied({ containers: [{ name: "app", resources: { limits: { cpu: 0 } } }] })).toEqual([]);
  });

  it("are the pod's where no container has a request in force", () => {
    expect(copied({ resources: { limits: { cpu: "2" } }, containers: [{ name: "app" }] })).toEqual([toPod]);
    expect(copied({ resources: { limits: { cpu: "2" } }, containers: [app] })).toEqual([toApp]);
  });

  it("are not the pod's where it has a request, or where the limit is out of bounds", () => {
    const resources = { limits: { cpu: "2" }, requests: { cpu: "1" } };
    expect(copied({ resources, containers: [{ name: "app" }] })).toEqual([]);
    expect(copied({ resources: { limits: { cpu: "2" } }, containers: [{ name: "app" }] }, { max: "1" })).toEqual([]);
  });
});
