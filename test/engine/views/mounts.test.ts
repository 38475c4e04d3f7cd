import { expect, it } from "vitest";
import { mountsOf } from "../../../src/engine/views/mounts.ts";
import { podSpecOf } from "../samples.ts";

it("mounts are addressed by their path and are read-only where they say so", () => {
  const volumeMounts = [
    { name: "data", mountPath: "/data", readOnly: true },
    { name: "logs", mountPath: "/var/log", readOnly: "false" },
    { name: "tmp", mountPath: "/tmp" },
    {},
  ];
  const [container] = podSpecOf({ initContainers: [{ name: "prepare", volumeMounts }] }).all;
  const mounts = container === undefined ? [] : mountsOf(container);
  expect(mounts.map(({ path, volume, mountPath, readOnly }) => [path, volume, mountPath, readOnly])).toEqual([
    ["initContainers[name=prepare].volumeMounts[mountPath=/data]", "data", "/data", true],
    ["initContainers[name=prepare].volumeMounts[mountPath=/var/log]", "logs", "/var/log", false],
    ["initContainers[name=prepare].volumeMounts[mountPath=/tmp]", "tmp", "/tmp", false],
    ['initContainers[name=prepare].volumeMounts[mountPath=""]', "", "", false],
  ]);
});
