import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { isAtOrBelow } from "../../engine/values/host-path.ts";
import { printable } from "../../engine/values/printable.ts";
import { fieldsAt, textAt } from "../../engine/views/fields.ts";
import { hostPathVolumes } from "../../engine/views/host-paths.ts";
import { path } from "../../engine/views/path.ts";
import { workloadKinds } from "../../engine/views/workload-kinds.ts";

export const rule = defineRule({
  id: "no-host-path",
  revision: 1,
  title: "No volume mounts a path of the node",
  category: "host",
  severity: "High",
  kinds: [...workloadKinds, "PersistentVolume"],
  why: "Through a hostPath a container reads and writes the files of its node: credentials of the kubelet, other Pods' data, programs that root runs. The files also stay behind on one node when the Pod moves.",
  fix: "Use a persistentVolumeClaim, emptyDir, configMap or projected volume, or allow the path by parameter.",
  packs: { recommended: {}, strict: {}, "pss-baseline": {}, nsa: {}, cis: {}, eks: {}, "datree-starter": {} },
  aliases: [{ id: "CONTAINERS_INCORRECT_KEY_HOSTPATH" }],
  references: [
    "https://kubernetes.io/docs/concepts/storage/volumes/#hostpath",
    "https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline",
  ],
  params: z.strictObject({
    allowedPaths: z
      .array(z.string().startsWith("/"))
      .default([])
      .describe("Paths that may be mounted, with all that lies below them"),
    persistentVolumes: z.boolean().default(false).describe("Judge PersistentVolumes too"),
  }),
  messages: {
    volume: "Volume {volume} mounts {hostPath} of the node",
    persistentVolume: "The volume is {hostPath} of the node",
  },
  check({ resource, params, report }) {
    const isAllowed = (hostPath: string) =>
      hostPath !== "" && params.allowedPaths.some((one) => isAtOrBelow(hostPath, one));
    if (resource.podSpec !== undefined)
      for (const volume of hostPathVolumes(resource.podSpec)) {
        if (isAllowed(volume.hostPath)) continue;
        const hostPath = printable(volume.hostPath || "(no path)");
        report("volume", { path: volume.path, data: { volume: volume.name, hostPath }, value: hostPath });
      }
    if (!params.persistentVolumes || resource.kindName !== "PersistentVolume") return;
    const source = fieldsAt(resource.object, "spec", "hostPath");
    const written = textAt(source, "path") ?? "";
    if (source === undefined || isAllowed(written)) return;
    const hostPath = printable(written || "(no path)");
    report("persistentVolume", { path: path("spec", "hostPath"), data: { hostPath }, value: hostPath });
  },
});
