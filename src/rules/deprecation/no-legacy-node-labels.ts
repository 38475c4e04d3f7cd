import { z } from "zod";
import { type PatchOperation, pointerTo } from "../../engine/patch.ts";
import { defineRule } from "../../engine/rule.ts";
import { recordsAt, textAt, valueAt } from "../../engine/views/fields.ts";
import { type NodeLabelUse, nodeLabelUses } from "../../engine/views/node-label-uses.ts";
import { path } from "../../engine/views/path.ts";
import type { ResourceView } from "../../engine/views/resource-view.ts";
import { workloadKinds } from "../../engine/views/workload-kinds.ts";

const master = "node-role.kubernetes.io/master";
const controlPlane = "node-role.kubernetes.io/control-plane";

/** Labels that every node carries under both names. */
const stableKeys: ReadonlyMap<string, string> = new Map([
  ["beta.kubernetes.io/os", "kubernetes.io/os"],
  ["beta.kubernetes.io/arch", "kubernetes.io/arch"],
  ["beta.kubernetes.io/instance-type", "node.kubernetes.io/instance-type"],
  ["failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/zone"],
  ["failure-domain.beta.kubernetes.io/region", "topology.kubernetes.io/region"],
]);

const successors: ReadonlyMap<string, string> = new Map([...stableKeys, [master, controlPlane]]);

export const rule = defineRule({
  id: "no-legacy-node-labels",
  revision: 1,
  title: "Scheduling rests on node labels that are here to stay",
  category: "deprecation",
  severity: "Medium",
  kinds: [...workloadKinds, "PersistentVolume"],
  why: "Once nodes come without the old label, what asks for it is placed nowhere or anywhere, and spread over it is spread over nothing. The label and taint of master are gone since Kubernetes 1.25.",
  fix: "Use the stable key: kubernetes.io/os, kubernetes.io/arch, node.kubernetes.io/instance-type, topology.kubernetes.io/zone or region, node-role.kubernetes.io/control-plane.",
  packs: { strict: {}, deprecation: {} },
  references: [
    "https://kubernetes.io/docs/reference/labels-annotations-taints/",
    "https://github.com/kubernetes/enhancements/tree/master/keps/sig-cluster-lifecycle/kubeadm/2067-rename-master-label-taint",
  ],
  params: z.strictObject({}),
  messages: {
    label: "Scheduling asks for the node label {key}, which is called {successor} today",
    toleration: "The taint {key} is tolerated but not {successor}, as it is called today",
  },
  check({ resource, report }) {
    for (const { key, path: at } of nodeLabelUses(resource)) {
      const successor = successors.get(key);
      if (successor !== undefined) report("label", { path: at, class: key, data: { key, successor }, value: key });
    }
    if (!toleratesMasterOnly(resource)) return;
    const data = { key: master, successor: controlPlane };
    report("toleration", { path: path("tolerations"), class: master, data, value: master });
  },
  autofix({ resource }) {
    const uses = nodeLabelUses(resource);
    return uses.flatMap((use) => {
      const successor = stableKeys.get(use.key);
      return successor === undefined ? [] : rename(use, successor, resource, uses);
    });
  },
});

function toleratesMasterOnly({ podSpec }: ResourceView): boolean {
  const tolerations = recordsAt(podSpec?.fields, "tolerations");
  const tolerates = (key: string) => tolerations.some((one) => textAt(one, "key") === key);
  // Without a key every taint is tolerated.
  const everything = tolerations.some((one) => !textAt(one, "key") && textAt(one, "operator") === "Exists");
  return tolerates(master) && !tolerates(controlPlane) && !everything;
}

/** Empty where both names are asked for in one place: which is meant, nobody can tell. */
function rename(
  use: NodeLabelUse,
  successor: string,
  { podSpec }: ResourceView,
  uses: readonly NodeLabelUse[],
): readonly PatchOperation[] {
  const base = podSpec?.pointer ?? "";
  const at = pointerTo(base, ...use.steps);
  if (use.in === "terms" || use.in === "podAffinity") return [{ op: "replace", path: at, value: successor }];
  if (uses.some((other) => other.in === use.in && other.key === successor)) return [];
  if (use.in === "spread") return [{ op: "replace", path: at, value: successor }];
  const value = valueAt(podSpec?.fields, "nodeSelector", use.key);
  return [
    { op: "add", path: pointerTo(base, "nodeSelector", successor), value },
    { op: "remove", path: at },
  ];
}
