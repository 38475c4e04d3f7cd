import { describe, expect, it } from "vitest";
import { hostPathVolumes } from "../../../src/engine/views/host-paths.ts";
import { volumeSources, volumeSourceTypes } from "../../../src/engine/views/volume-sources.ts";
import { podSpecOf } from "../samples.ts";

const pod = podSpecOf({
  volumes: [
    { name: "config", configMap: { name: "app" } },
    { name: "none" },
    { name: "gone", secret: null, hostPath: "text" },
    { name: "both", nfs: {}, hostPath: { path: "/data/" } },
    { name: "future", quantumDisk: {} },
    { name: "no-path", hostPath: {} },
  ],
});

describe("sources of a volume", () => {
  it("are its fields that are mappings, known or not, else an emptyDir", () => {
    expect(pod.volumes.map((volume) => [volume.name, ...volumeSources(volume)])).toEqual([
      ["config", "configMap"],
      ["none", "emptyDir"],
      ["gone", "emptyDir"],
      ["both", "nfs", "hostPath"],
      ["future", "quantumDisk"],
      ["no-path", "hostPath"],
    ]);
  });

  it("are known by name, sorted, each once", () => {
    expect(volumeSourceTypes).toEqual([...new Set(volumeSourceTypes)].sort());
  });

  it("are paths of the node as written", () => {
    expect(hostPathVolumes(pod)).toEqual([
      { name: "both", path: "volumes[name=both].hostPath", hostPath: "/data/" },
      { name: "no-path", path: "volumes[name=no-path].hostPath", hostPath: "" },
    ]);
  });
});
