import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { cleanPath, isAtOrBelow } from "../../engine/values/host-path.ts";
import { printable } from "../../engine/values/printable.ts";
import { hostPathVolumes } from "../../engine/views/host-paths.ts";

/** Directories that hold the system: what lies below may be harmless, such as /var/log. */
const systemDirectories = [
  "/",
  "/boot",
  "/dev",
  "/etc",
  "/lib",
  "/lib64",
  "/proc",
  "/run",
  "/sys",
  "/usr",
  "/var",
  "/var/lib",
  "/var/run",
];

/** Directories of which nothing is harmless: keys, tokens and the cluster's own data. */
const secretDirectories = ["/etc/kubernetes", "/root", "/var/lib/etcd", "/var/lib/kubelet"];

export const rule = defineRule({
  id: "no-sensitive-host-path",
  revision: 1,
  title: "No volume mounts what controls the node",
  category: "host",
  severity: "Critical",
  kinds: "workloads",
  why: "Whoever reads /var/lib/kubelet or /etc/kubernetes has the node's credentials and the tokens of every Pod on it; whoever writes /etc or /usr runs programs as root there.",
  fix: "Mount the one file or directory that is needed instead, read-only, or use another kind of volume.",
  packs: { strict: {} },
  references: [
    "https://kubernetes.io/docs/concepts/storage/volumes/#hostpath",
    "https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline",
  ],
  params: z.strictObject({
    exact: z
      .array(z.string().startsWith("/"))
      .default(systemDirectories)
      .describe("Paths of the node that may not be mounted themselves"),
    subtree: z
      .array(z.string().startsWith("/"))
      .default(secretDirectories)
      .describe("Paths of the node that may not be mounted, nor anything below them"),
  }),
  messages: {
    sensitive: "Volume {volume} mounts {hostPath} of the node",
  },
  check({ resource: { podSpec }, params, report }) {
    if (podSpec === undefined) return;
    for (const { name, path, hostPath } of hostPathVolumes(podSpec)) {
      const isSensitive =
        params.exact.some((one) => cleanPath(one) === cleanPath(hostPath)) ||
        params.subtree.some((one) => isAtOrBelow(hostPath, one));
      if (hostPath === "" || !isSensitive) continue;
      const value = printable(hostPath);
      report("sensitive", { path, data: { volume: name, hostPath: value }, value });
    }
  },
});
