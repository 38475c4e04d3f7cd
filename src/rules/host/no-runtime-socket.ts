import { z } from "zod";
import { defineRule } from "../../engine/rule.ts";
import { cleanPath } from "../../engine/values/host-path.ts";
import { printable } from "../../engine/values/printable.ts";
import { recordsAt, textAt } from "../../engine/views/fields.ts";
import { hostPathVolumes } from "../../engine/views/host-paths.ts";
import { mountsOf } from "../../engine/views/mounts.ts";
import type { ResourceView } from "../../engine/views/resource-view.ts";

/** Where Docker, containerd, CRI-O, k3s and Podman listen by default; /var/run is a link to /run. */
const runtimeSockets = ["/run", "/var/run"].flatMap((directory) =>
  [
    "docker.sock",
    "cri-dockerd.sock",
    "containerd/containerd.sock",
    "crio/crio.sock",
    "k3s/containerd/containerd.sock",
    "podman/podman.sock",
  ].map((socket) => `${directory}/${socket}`),
);

/** Directories that hold a runtime's socket, wherever below it may lie. */
const above = ["/", "/run", "/var/run"];

export const rule = defineRule({
  id: "no-runtime-socket",
  revision: 1,
  title: "No container reaches the container runtime",
  category: "host",
  severity: "Critical",
  kinds: "workloads",
  why: "The runtime does as root whatever is asked through its socket: start a privileged container, read every other one. Whoever reaches it owns the node.",
  fix: "Remove the mount. Build images without a daemon, and read metrics and logs from the kubelet.",
  packs: { recommended: {}, strict: {}, eks: {} },
  aliases: [{ id: "CONTAINERS_INCORRECT_PATH_VALUE_DOCKERSOCKET" }],
  references: [
    "https://docs.docker.com/engine/security/protect-access/",
    "https://kubernetes.io/docs/setup/production-environment/container-runtimes/",
  ],
  params: z.strictObject({
    sockets: z
      .array(z.string().startsWith("/"))
      .default(runtimeSockets)
      .describe("Paths of the sockets of container runtimes"),
  }),
  messages: {
    socket: "Volume {volume} mounts the runtime's socket {path} of the node",
    directory: "Volume {volume} mounts {path} of the node, which holds the runtime's socket",
    mount: "Container {container} mounts a volume at {path}, where the runtime's socket lies",
  },
  check({ resource, params, report }) {
    const { podSpec } = resource;
    if (podSpec === undefined) return;
    const { sockets, directories } = runtimePaths(params.sockets);
    const hostPaths = hostPathVolumes(podSpec);
    for (const volume of hostPaths) {
      const hostPath = cleanPath(volume.hostPath);
      if (volume.hostPath === "" || (!sockets.has(hostPath) && !directories.has(hostPath))) continue;
      const path = printable(hostPath);
      const data = { volume: volume.name, path };
      report(sockets.has(hostPath) ? "socket" : "directory", { path: volume.path, class: path, data, value: path });
    }
    const isElsewhere = (volume: string) =>
      volumeNames(resource).includes(volume) && !hostPaths.some(({ name }) => name === volume);
    for (const container of podSpec.all)
      for (const mount of mountsOf(container)) {
        const mountPath = cleanPath(mount.mountPath);
        if (!sockets.has(mountPath) || isElsewhere(mount.volume)) continue;
        const path = printable(mountPath);
        report("mount", { path: mount.path, class: path, data: { container: container.name, path }, value: path });
      }
  },
});

interface RuntimePaths {
  readonly sockets: ReadonlySet<string>;
  readonly directories: ReadonlySet<string>;
}

/** By the list of a policy, which lives as long as the policy does. */
const known = new WeakMap<readonly string[], RuntimePaths>();

function runtimePaths(list: readonly string[]): RuntimePaths {
  const read = known.get(list);
  if (read !== undefined) return read;
  const sockets = new Set(list.map(cleanPath));
  const paths = { sockets, directories: new Set([...above, ...[...sockets].map(directoryOf)]) };
  known.set(list, paths);
  return paths;
}

function directoryOf(path: string): string {
  return cleanPath(`${path}/..`);
}

/** Volumes of the Pod, and those that a StatefulSet makes for each Pod from its claims. */
function volumeNames({ object, podSpec }: ResourceView): readonly string[] {
  const claims = recordsAt(object, "spec", "volumeClaimTemplates").map((claim) => textAt(claim, "metadata", "name"));
  return [...(podSpec?.volumes ?? []).map(({ name }) => name), ...claims.flatMap((name) => name ?? [])];
}
