import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { printable } from "../../engine/values/printable.ts";
import { hostPathVolumes } from "../../engine/views/host-paths.ts";
import { mountsOf } from "../../engine/views/mounts.ts";
import { below } from "../../engine/views/path.ts";

export const rule = defineRule({
  id: "read-only-host-path",
  revision: 1,
  title: "Paths of the node are mounted read-only",
  category: "host",
  severity: "High",
  kinds: "workloads",
  why: "A container that writes to its node can leave programs and cron jobs there that run as root, fill its disk, or change what other Pods read.",
  fix: "Set readOnly to true for every mount of a hostPath volume.",
  packs: { strict: {}, eks: {} },
  aliases: [{ id: "EKS_INVALID_HOSTPATH_MOUNT_READONLY_VALUE" }],
  references: [
    "https://docs.aws.amazon.com/eks/latest/best-practices/pod-security.html",
    "https://kubernetes.io/docs/concepts/storage/volumes/#hostpath",
  ],
  params: z.strictObject({}),
  messages: {
    writable: "Container {container} may write to {hostPath} of the node, which it mounts at {mountPath}",
  },
  check({ resource: { podSpec }, report }) {
    if (podSpec === undefined) return;
    const hostPaths = new Map(hostPathVolumes(podSpec).map((volume) => [volume.name, volume.hostPath]));
    if (hostPaths.size === 0) return;
    for (const container of podSpec.all)
      for (const mount of mountsOf(container)) {
        const hostPath = hostPaths.get(mount.volume);
        if (hostPath === undefined || mount.readOnly) continue;
        report("writable", {
          path: below(mount.path, "readOnly"),
          data: {
            container: container.name,
            hostPath: printable(hostPath || "a path"),
            mountPath: printable(mount.mountPath || "no path"),
          },
          value: "false",
        });
      }
  },
});
